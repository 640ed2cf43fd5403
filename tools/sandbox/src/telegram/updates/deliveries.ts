import type { Clock, Logger } from '@quittance/runtime';
import type { WebhookFault } from '../../faults/fault-config.ts';
import type { Faults } from '../../faults/faults.ts';
import type { Cancel, Scheduler } from '../../scheduler.ts';
import { newSlug } from '../api/ids.ts';
import type { TelegramState, Webhook } from '../state.ts';
import type { Act } from '../work.ts';
import { createLanes, type Head, type Lanes } from './lanes.ts';
import { isTaken, recordFailure, recordTaken, retryAfterOf } from './outcome.ts';
import type { PendingUpdates } from './pending.ts';
import type { PostUpdate, WebhookReply } from './post-update.ts';

export interface Deliveries {
  /** There is something new for the webhook of the bot. */
  add: (keys: readonly string[]) => void;
  /** Sends what may be sent to the bot's webhook, after a change of it too. */
  pump: (bot: string) => void;
  close: () => Promise<void>;
}

/** Real time. Source: tdlib/telegram-bot-api, the idle timeout of a webhook's connection. */
const timeoutMs = 60_000;

/** The longest wait between two attempts: what lies further ahead was planned before the clock was put back. */
const longestWaitMs = 3_600_000;

const messageOf = (error: unknown): string => {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (code === 'ECONNREFUSED') return 'Connection refused';
  return error instanceof Error && error.message === 'timed out'
    ? 'Read timeout expired'
    : 'Webhook connection closed';
};

/**
 * Posts updates to the webhooks of bots: queue by queue in order, at most `max_connections` at once, again and again until
 * they are taken or too old. What waits is in the state, so it survives a restart.
 */
export const createDeliveries = ({
  state,
  act,
  pending,
  post,
  replied,
  clock,
  scheduler,
  timeouts,
  faults,
  log,
}: {
  state: TelegramState;
  act: Act;
  pending: PendingUpdates;
  post: PostUpdate;
  /** A webhook has answered with what may be a call of a method. */
  replied: (bot: string, reply: WebhookReply) => Promise<void>;
  clock: Clock;
  scheduler: Scheduler;
  timeouts: Scheduler;
  faults: Faults;
  log: Logger;
}): Deliveries => {
  let closed = false;
  const lanesOf = new Map<string, Lanes>();
  const running = new Map<string, number>();
  const attempts = new Map<Promise<void>, AbortController>();
  const timers = new Set<Cancel>();
  /** Wakes each bot when the next of its updates comes due. */
  const alarms = new Map<string, { dueAt: number; cancel: Cancel }>();
  /** Updates that a fault lets others go past, by bot. */
  const aside = new Map<string, () => void>();

  const lanes = (bot: string): Lanes => {
    const known = lanesOf.get(bot);
    if (known !== undefined) return known;
    const made = createLanes(state);
    lanesOf.set(bot, made);
    return made;
  };

  const add = (keys: readonly string[]): void => {
    for (const key of keys) {
      const update = state.updates.get(key);
      if (update !== undefined) lanes(update.bot).add(update.queue, key);
    }
  };

  const later = (delayMs: number, task: () => void): void => {
    const cancel = scheduler.after(delayMs, () => {
      timers.delete(cancel);
      task();
    });
    timers.add(cancel);
  };

  const tryOnce = async (
    { key, update }: Head,
    webhook: Webhook,
    fault: WebhookFault | undefined,
    signal: AbortSignal,
  ): Promise<void> => {
    try {
      if (fault === 'webhook_drop') throw new Error('dropped by a fault');
      const secret = fault === 'webhook_bad_signature' ? newSlug() : webhook.secret;
      const sending = { url: webhook.url, secret, body: JSON.stringify(update.update), signal };
      const copies = fault === 'webhook_duplicate' ? [sending, sending] : [sending];
      const [reply] = await Promise.all(copies.map(post));
      if (reply === undefined || closed) return;
      if (isTaken(reply)) {
        act((work) => recordTaken(work, key, update));
        await replied(update.bot, reply);
        return;
      }
      const message = `Wrong response from the webhook: ${reply.status} ${reply.reason}`;
      const failure = { message, status: reply.status, retryAfterS: retryAfterOf(reply) };
      act((work) => recordFailure(work, key, failure));
    } catch (error) {
      if (closed) return;
      const message = messageOf(error);
      log.debug({ update: key, reason: message }, 'update not delivered');
      act((work) => recordFailure(work, key, { message, status: 0, retryAfterS: 0 }));
    }
  };

  const attempt = async (
    head: Head,
    fault: WebhookFault | undefined,
    controller: AbortController,
  ): Promise<void> => {
    const { bot } = head.update;
    const webhook = state.bots.get(bot)?.webhook;
    const stopTimer = timeouts.after(timeoutMs, () => controller.abort(new Error('timed out')));
    try {
      if (webhook !== undefined) await tryOnce(head, webhook, fault, controller.signal);
    } finally {
      stopTimer();
      running.set(bot, (running.get(bot) ?? 1) - 1);
      lanes(bot).free(head.lane);
      aside.get(bot)?.();
      pump(bot);
    }
  };

  const send = (head: Head, fault?: WebhookFault): void => {
    if (closed) return;
    const { bot } = head.update;
    running.set(bot, (running.get(bot) ?? 0) + 1);
    const controller = new AbortController();
    const sending = attempt(head, fault, controller).catch((error: unknown) => {
      log.error({ err: error, update: head.key }, 'delivery of an update failed');
    });
    attempts.set(sending, controller);
    void sending.then(() => attempts.delete(sending));
  };

  const setAside = (head: Head): void => {
    const { bot } = head.update;
    aside.get(bot)?.();
    const lane = lanes(bot).setAside(head);
    const release = (): void => {
      if (aside.get(bot) !== release) return;
      aside.delete(bot);
      send({ ...head, lane });
    };
    aside.set(bot, release);
    later(faults.webhookDelayMs(), release);
  };

  const start = (head: Head): void => {
    const { failedAttempts, kind, bot } = head.update;
    const fault = failedAttempts === 0 ? faults.forWebhook(kind) : undefined;
    if (fault === 'webhook_reorder') {
      setAside(head);
      return;
    }
    lanes(bot).occupy(head.lane);
    if (fault === 'webhook_delay') later(faults.webhookDelayMs(), () => send(head));
    else send(head, fault);
  };

  const isDue = (dueAt: number): boolean => {
    const leftMs = dueAt - clock();
    return leftMs <= 0 || leftMs > longestWaitMs;
  };

  const wakeAt = (bot: string, dueAt: number): void => {
    const armed = alarms.get(bot);
    if (armed !== undefined && armed.dueAt <= dueAt) return;
    armed?.cancel();
    const cancel = scheduler.after(Math.max(0, dueAt - clock()), () => {
      alarms.delete(bot);
      pump(bot);
    });
    alarms.set(bot, { dueAt, cancel });
  };

  function pump(bot: string): void {
    const webhook = state.bots.get(bot)?.webhook;
    if (webhook === undefined || closed) return;
    pending.keysOf(bot);
    for (const head of lanes(bot).heads()) {
      if ((running.get(bot) ?? 0) >= webhook.maxConnections) return;
      if (isDue(head.update.dueAt)) start(head);
      else wakeAt(bot, head.update.dueAt);
    }
  }

  add([...state.updates.entries()].map(([key]) => key));

  return {
    add,
    pump,
    close: async () => {
      closed = true;
      for (const cancel of timers) cancel();
      for (const { cancel } of alarms.values()) cancel();
      for (const controller of attempts.values()) controller.abort(new Error('closing'));
      await Promise.all(attempts.keys());
    },
  };
};
