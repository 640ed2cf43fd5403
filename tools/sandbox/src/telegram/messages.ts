import type { Message } from 'grammy/types';
import { changeBot, currentBot } from './bots.ts';
import { botOnWire, chatOnWire, personOnWire } from './people/wire.ts';
import type { Person, StoredMessage } from './state.ts';
import type { Work } from './work.ts';

type Facts = 'message_id' | 'from' | 'chat' | 'date';

/** What a message says, without who said it where and when. */
export type Content = Omit<Message, Facts>;

export const messageKey = (bot: string, messageId: number): string => `${bot}:${messageId}`;

const nextMessageId = (work: Work, botKey: string): number => {
  const { nextMessageId: id } = currentBot(work, botKey);
  changeBot(work, botKey, { nextMessageId: id + 1 });
  return id;
};

/** Writes a message into the chat of a person with a bot. */
export const writeMessage = (
  work: Work,
  {
    bot: key,
    person,
    by,
    content,
    extra = {},
  }: {
    bot: string;
    person: Person;
    by: 'bot' | 'person';
    content: Content;
    extra?: Pick<StoredMessage, 'invoice'>;
  },
): Message => {
  const message: Message = {
    message_id: nextMessageId(work, key),
    from: by === 'bot' ? botOnWire(currentBot(work, key)) : personOnWire(person),
    chat: chatOnWire(person),
    date: work.now,
    ...content,
  };
  const stored = { bot: key, user: person.id, message, ...extra };
  work.state.messages.put(messageKey(key, message.message_id), stored);
  return message;
};

/** All messages between a bot and a person, oldest first. */
export const messagesBetween = (
  state: Work['state'],
  bot: string,
  user: number,
): StoredMessage[] => {
  const between: StoredMessage[] = [];
  for (const [, stored] of state.messages.entries()) {
    if (stored.bot === bot && stored.user === user) between.push(stored);
  }
  return between;
};
