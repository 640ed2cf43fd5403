import { badRequest, forbidden } from './api/errors.ts';
import { requiredArg, textArg, type Args } from './api/args.ts';
import type { Bot, Person, PrivateChat } from './state.ts';
import type { Work } from './work.ts';

export const chatKey = (bot: string, user: number): string => `${bot}:${user}`;

/** The chat, made when the person opens it for the first time. */
export const openChat = ({ state }: Work, bot: Bot, person: Person): PrivateChat => {
  const key = chatKey(bot.key, person.id);
  const known = state.chats.get(key);
  if (known !== undefined) return known;
  const made: PrivateChat = { bot: bot.key, user: person.id, blocked: false };
  state.chats.put(key, made);
  return made;
};

/**
 * The person whom `chat_id` means.
 * @throws TelegramError when the person has never started the bot, or has blocked it
 */
export const chatArg = (work: Work, bot: Bot, args: Args, { write = true } = {}): Person => {
  if (textArg(args, 'chat_id') === '') throw badRequest('chat_id is empty');
  const id = requiredArg(args, 'chat_id').trim();
  const chat = work.state.chats.get(`${bot.key}:${id}`);
  const person = work.state.people.get(id);
  if (chat === undefined || person === undefined) throw badRequest('chat not found');
  if (write && chat.blocked) throw forbidden('bot was blocked by the user');
  return person;
};
