import type { Message } from 'grammy/types';
import { openChat } from '../chats.ts';
import { writeMessage } from '../messages.ts';
import type { Bot, Person } from '../state.ts';
import { commandsIn } from '../text/message-text.ts';
import { enqueueMessage } from '../updates/enqueue.ts';
import type { Work } from '../work.ts';
import { setBlocked } from './block.ts';
import { Refusal } from './refusal.ts';

/** The person writes to the bot. Whoever had blocked the bot unblocks it by that. */
export const sendText = (work: Work, bot: Bot, person: Person, text: string): Message => {
  if (text.trim() === '') throw new Refusal('The message is empty.');
  openChat(work, bot, person);
  setBlocked(work, bot, person, false);
  const entities = commandsIn(text);
  const message = writeMessage(work, {
    bot: bot.key,
    person,
    by: 'person',
    content: { text, ...(entities.length > 0 && { entities }) },
  });
  enqueueMessage(work, bot.key, message);
  return message;
};
