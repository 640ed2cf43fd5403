import type {
  CallbackQuery,
  ChatMemberUpdated,
  Message,
  PreCheckoutQuery,
  Update,
} from 'grammy/types';
import { changeBot, currentBot, newUpdateId } from '../bots.ts';
import type { UpdateKind } from '../state.ts';
import type { Work } from '../work.ts';
import { isAllowed } from './allowed-updates.ts';

const day = 86_400;
const week = 7 * day;
/** How long a query is worth telling. Source: tdlib/telegram-bot-api, `add_new_pre_checkout_query`. */
const queryLifetime = 150;

export const updateKey = (bot: string, updateId: number): string => `${bot}:${updateId}`;

const enqueue = (
  work: Work,
  botKey: string,
  {
    allowedAs,
    kind = allowedAs,
    queue,
    lifetime,
    body,
  }: {
    allowedAs: UpdateKind;
    kind?: string;
    queue: string;
    /** Seconds. */
    lifetime: number;
    body: (id: number) => Update;
  },
): void => {
  const bot = currentBot(work, botKey);
  if (!isAllowed(bot, allowedAs)) return;
  const rested = work.now - bot.lastUpdateAt >= week;
  const id = rested ? newUpdateId() : bot.nextUpdateId;
  changeBot(work, botKey, { nextUpdateId: id + 1, lastUpdateAt: work.now });
  const key = updateKey(botKey, id);
  work.state.updates.put(key, {
    bot: botKey,
    update: body(id),
    queue,
    kind,
    expiresAt: work.now + lifetime,
    failedAttempts: 0,
    delay: 1,
    dueAt: work.nowMs,
  });
  work.announced.push(key);
  work.woken.add(botKey);
};

type PrivateMessage = NonNullable<Update['message']>;

const serviceKinds = ['successful_payment', 'refunded_payment'] as const;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the sandbox writes messages of persons into private chats only, each with its sender
const asPrivate = (message: Message): PrivateMessage => message as PrivateMessage;

/** Tells the bot of a message that a person, or Telegram in the person's name, has written. */
export const enqueueMessage = (work: Work, bot: string, message: Message): void => {
  const service = serviceKinds.find((name) => message[name] !== undefined);
  enqueue(work, bot, {
    allowedAs: 'message',
    kind: service === undefined ? 'message' : `message:${service}`,
    queue: String(message.chat.id),
    lifetime: message.date + day - work.now,
    body: (id) => ({ update_id: id, message: asPrivate(message) }),
  });
};

export const enqueueCallbackQuery = (work: Work, bot: string, query: CallbackQuery): void =>
  enqueue(work, bot, {
    allowedAs: 'callback_query',
    queue: `callback:${query.from.id}`,
    lifetime: queryLifetime,
    body: (id) => ({ update_id: id, callback_query: query }),
  });

export const enqueuePreCheckoutQuery = (work: Work, bot: string, query: PreCheckoutQuery): void =>
  enqueue(work, bot, {
    allowedAs: 'pre_checkout_query',
    queue: `payment:${query.from.id}`,
    lifetime: queryLifetime,
    body: (id) => ({ update_id: id, pre_checkout_query: query }),
  });

export const enqueueMembership = (work: Work, bot: string, change: ChatMemberUpdated): void =>
  enqueue(work, bot, {
    allowedAs: 'my_chat_member',
    queue: `member:${change.chat.id}`,
    lifetime: day,
    body: (id) => ({ update_id: id, my_chat_member: change }),
  });
