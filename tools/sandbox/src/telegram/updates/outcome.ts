import { changeBot } from '../bots.ts';
import type { PendingUpdate, Webhook } from '../state.ts';
import type { Work } from '../work.ts';
import type { WebhookReply } from './post-update.ts';
import { retryDelay } from './retry-delay.ts';

/** A webhook that answers 410 for so long is closed. Source: tdlib/telegram-bot-api, `WEBHOOK_DROP_TIMEOUT`. */
const goneForMs = 23 * 60 * 60 * 1_000;

export const isTaken = ({ status }: WebhookReply): boolean => status >= 200 && status < 300;

export const retryAfterOf = ({ headers }: WebhookReply): number => {
  const asked = Number(headers['retry-after']);
  return Number.isFinite(asked) ? Math.trunc(asked) : 0;
};

/** The update has arrived. */
export const recordTaken = (work: Work, key: string, { bot }: PendingUpdate): void => {
  work.state.updates.delete(key);
  const webhook = work.state.bots.get(bot)?.webhook;
  if (webhook?.first410At === undefined) return;
  const { first410At: _cleared, ...rest } = webhook;
  changeBot(work, bot, { webhook: rest });
};

const closeWebhook = (work: Work, key: string): void => {
  const bot = work.state.bots.get(key);
  if (bot === undefined) return;
  const { webhook: _closed, ...rest } = bot;
  work.state.bots.put(key, rest);
};

const withFailure = (
  { first410At, ...webhook }: Webhook,
  work: Work,
  failure: { message: string; status: number },
): Webhook => ({
  ...webhook,
  lastError: { date: work.now, message: failure.message },
  ...(failure.status === 410 && { first410At: first410At ?? work.nowMs }),
});

/** The attempt has failed: the update is to be sent again, or dropped when it would then be too old. */
export const recordFailure = (
  work: Work,
  key: string,
  failure: { message: string; status: number; retryAfterS: number },
): void => {
  const update = work.state.updates.get(key);
  if (update === undefined) return;
  const { delay, waitS } = retryDelay(update, failure.retryAfterS);
  if (work.now + waitS > update.expiresAt) {
    work.state.updates.delete(key);
  } else {
    work.state.updates.put(key, {
      ...update,
      delay,
      failedAttempts: update.failedAttempts + 1,
      dueAt: work.nowMs + waitS * 1_000,
    });
  }
  const webhook = work.state.bots.get(update.bot)?.webhook;
  if (webhook === undefined) return;
  const goneSince = failure.status === 410 ? webhook.first410At : undefined;
  if (goneSince !== undefined && work.nowMs > goneSince + goneForMs) closeWebhook(work, update.bot);
  else changeBot(work, update.bot, { webhook: withFailure(webhook, work, failure) });
};
