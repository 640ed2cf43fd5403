import type { InlineKeyboardButton } from 'grammy/types';
import { newQueryId } from '../api/ids.ts';
import { messageKey } from '../messages.ts';
import type { Bot, CallbackQueryRecord, Payment, Person, StoredMessage } from '../state.ts';
import { enqueueCallbackQuery } from '../updates/enqueue.ts';
import type { Work } from '../work.ts';
import { openLink, type Opened } from './open-link.ts';
import { payMessage } from './pay.ts';
import { startedChat } from './person.ts';
import { Refusal } from './refusal.ts';
import { personOnWire } from './wire.ts';

export const buttonsOf = ({ message }: StoredMessage): InlineKeyboardButton[] =>
  message.reply_markup?.inline_keyboard.flat() ?? [];

export type Pressed =
  | { callback_query: CallbackQueryRecord }
  | { payment: Payment }
  | { opened: Opened }
  | { url: string };

const pressCallback = (
  work: Work,
  bot: Bot,
  person: Person,
  { message }: StoredMessage,
  data: string,
): Pressed => {
  const query = {
    id: newQueryId(),
    bot: bot.key,
    user: person.id,
    message: message.message_id,
    data,
    at: work.now,
  };
  work.state.callbackQueries.put(query.id, query);
  enqueueCallbackQuery(work, bot.key, {
    id: query.id,
    from: personOnWire(person),
    message,
    chat_instance: String(BigInt(person.id) * 1_000_003n),
    data,
  });
  return { callback_query: query };
};

/**
 * The person presses a button below a message of the own chat; `button` is its `callback_data`, or else its text.
 * A link of t.me is opened, any other is only told.
 */
export const pressButton = (
  work: Work,
  person: Person,
  { bot, messageId, button: wanted }: { bot: Bot; messageId: number; button: string },
): Pressed => {
  startedChat(work, bot, person);
  const stored = work.state.messages.get(messageKey(bot.key, messageId));
  if (stored?.user !== person.id) throw new Refusal('There is no such message in this chat.', 404);
  const buttons = buttonsOf(stored);
  const button =
    buttons.find(
      (candidate) => 'callback_data' in candidate && candidate.callback_data === wanted,
    ) ?? buttons.find(({ text }) => text === wanted);
  if (button === undefined) throw new Refusal(`The message has no button "${wanted}".`);
  if ('callback_data' in button)
    return pressCallback(work, bot, person, stored, button.callback_data);
  if ('pay' in button)
    return { payment: payMessage(work, person, { bot, messageId, hold: false }) };
  if (!('url' in button)) throw new Refusal('The sandbox cannot press buttons of this kind.');
  return /^https?:\/\/t\.me\//i.test(button.url)
    ? { opened: openLink(work, person, button.url) }
    : { url: button.url };
};
