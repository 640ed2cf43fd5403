import type { ChatMember } from 'grammy/types';
import { chatKey } from '../chats.ts';
import type { Bot, Person } from '../state.ts';
import { enqueueMembership } from '../updates/enqueue.ts';
import type { Work } from '../work.ts';
import { startedChat } from './person.ts';
import { botOnWire, chatOnWire, personOnWire } from './wire.ts';

/** The person blocks the bot, or takes it back. The bot hears of it. */
export const setBlocked = (work: Work, bot: Bot, person: Person, blocked: boolean): void => {
  const chat = startedChat(work, bot, person);
  if (chat.blocked === blocked) return;
  work.state.chats.put(chatKey(bot.key, person.id), { ...chat, blocked });
  const user = botOnWire(bot);
  const member: ChatMember = { status: 'member', user };
  const kicked: ChatMember = { status: 'kicked', user, until_date: 0 };
  enqueueMembership(work, bot.key, {
    chat: chatOnWire(person),
    from: personOnWire(person),
    date: work.now,
    old_chat_member: blocked ? member : kicked,
    new_chat_member: blocked ? kicked : member,
  });
};
