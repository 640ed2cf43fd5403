import type { Clock, Logger } from '@quittance/runtime';
import type { Emulator } from '../emulator.ts';
import type { Faults } from '../faults/faults.ts';
import type { Observer } from '../observer.ts';
import type { Cancel, Scheduler } from '../scheduler.ts';
import type { Store } from '../state/store.ts';
import { createWebhookSender } from '../webhooks/sender.ts';
import { createAnswer } from './answer.ts';
import { bbpBot, type Bot } from './bot.ts';
import { commands } from './commands.ts';
import { openBotsBusinessState, type BotsBusinessState } from './state.ts';
import { createWebhooks } from './webhooks.ts';

const name = 'Bots.Business';

export const botsBusinessOperations: readonly string[] = [...commands.keys()].map(
  (command) => `GET|POST /v2/bots/${bbpBot.id}/web-app/${command}`,
);

export interface BotsBusinessEmulator extends Emulator {
  state: BotsBusinessState;
  /** Runs a piece of the bot, as when a person presses a button in the chat; its webhooks are sent afterwards. */
  run: <R>(work: (bot: Bot) => R | Promise<R>) => Promise<R>;
}

/** The BBP bot (@bbp_app_bot) on the platform Bots.Business. */
export const createBotsBusinessEmulator = ({
  store,
  clock,
  scheduler,
  timeouts,
  faults,
  observer,
  log,
}: {
  store: Store;
  clock: Clock;
  scheduler: Scheduler;
  timeouts: Scheduler;
  faults: Faults;
  observer: Observer;
  log: Logger;
}): BotsBusinessEmulator => {
  const state = openBotsBusinessState(store);
  const sender = createWebhookSender();
  const webhooks = createWebhooks({
    clock,
    scheduler,
    timeouts,
    send: (post) => {
      observer.webhookSent(name, post.body);
      return sender.send(post);
    },
    faults,
    log,
  });
  const running = new Set<Promise<void>>();
  const pauses = new Set<Cancel>();

  const pauseBeforeCharge = (): Promise<void> | undefined => {
    const { paymentGapMs } = state.settings();
    if (paymentGapMs === 0) return undefined;
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        pauses.delete(end);
        resolve();
      };
      const cancel = scheduler.after(paymentGapMs, end);
      pauses.add(end);
    });
  };

  const run = async <R>(work: (bot: Bot) => R | Promise<R>): Promise<R> => {
    const bot: Bot = {
      state,
      transaction: store.transaction,
      now: clock,
      pauseBeforeCharge,
      notices: [],
    };
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    running.add(ended);
    try {
      return await work(bot);
    } finally {
      webhooks.fire(bot.notices);
      running.delete(ended);
      end();
    }
  };

  return {
    name,
    state,
    run,
    owns: (path) => path.startsWith('/v2/bots/'),
    answer: createAnswer({ run, log }),
    close: async () => {
      for (const end of pauses) end();
      await Promise.all(running);
      await webhooks.close();
      sender.close();
    },
  };
};
