import type { MessageEntity } from 'grammy/types';
import { textArg, type Args } from '../api/args.ts';
import { badRequest } from '../api/errors.ts';
import { parseHtml, type FormattedText } from './html-text.ts';
import { checkMarkdownV2 } from './markdown-text.ts';

const longestText = 4_096;

/** Commands in a text, as Telegram finds them whoever wrote it. */
export const commandsIn = (text: string): MessageEntity[] =>
  [...text.matchAll(/(?<=^|\s)\/\w{1,64}(?:@\w{3,32})?/g)].map(({ index, 0: command }) => ({
    type: 'bot_command',
    offset: index,
    length: command.length,
  }));

const formatted = (text: string, parseMode: string): FormattedText => {
  switch (parseMode) {
    case 'html':
      return parseHtml(text);
    case 'markdownv2':
      checkMarkdownV2(text);
      return { text, entities: [] };
    case '':
    case 'none':
    case 'markdown':
      return { text, entities: [] };
    default:
      throw badRequest('Unsupported parse_mode');
  }
};

/**
 * The text of a message. HTML becomes entities; Markdown is checked and else left as it is.
 * @throws TelegramError for an empty or too long text, and for markup that cannot be parsed
 */
export const messageTextArg = (args: Args): { text: string; entities?: MessageEntity[] } => {
  const given = textArg(args, 'text');
  if (given === '') throw badRequest('Message text is empty');
  const { text, entities } = formatted(given, textArg(args, 'parse_mode').toLowerCase());
  if (text.trim() === '') throw badRequest('text must be non-empty');
  if (text.length > longestText) throw badRequest('message is too long');
  const all = [...entities, ...commandsIn(text)].toSorted((a, b) => a.offset - b.offset);
  return all.length === 0 ? { text } : { text, entities: all };
};
