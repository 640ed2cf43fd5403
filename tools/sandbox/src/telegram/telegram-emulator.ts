import type { Clock, Logger } from '@quittance/runtime';
import type { Emulator } from '../emulator.ts';
import type { Faults } from '../faults/faults.ts';
import type { Observer } from '../observer.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Store } from '../state/store.ts';
import { createAnswer } from './answer.ts';
import { createExecute } from './execute.ts';
import { createPaymentDeadlines, type PaymentDeadlines } from './payments/deadlines.ts';
import { openTelegramState, type TelegramState } from './state.ts';
import { createDeliveries } from './updates/deliveries.ts';
import { createPendingUpdates } from './updates/pending.ts';
import { createPolls } from './updates/polls.ts';
import { createPostUpdate } from './updates/post-update.ts';
import { createReplyHandler } from './webhook-reply.ts';
import type { Act, Work } from './work.ts';

const name = 'Telegram Bot API';

export interface TelegramEmulator extends Emulator {
  state: TelegramState;
  /** Lets a person act, or an operator of Telegram. */
  act: Act;
  payments: PaymentDeadlines;
  /** Answers the calls that wait, so that nothing keeps the sandbox from closing. */
  endWaits: () => void;
}

export const createTelegramEmulator = ({
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
}): TelegramEmulator => {
  const state = openTelegramState(store);
  const pending = createPendingUpdates(state, clock);
  const sender = createPostUpdate();

  const afterwards = ({ announced, woken, started }: Work): void => {
    for (const key of announced) pending.add(key);
    deliveries.add(announced);
    for (const payment of started) payments.watch(payment);
    payments.look();
    if (woken.size === 0) return;
    setImmediate(() => {
      for (const bot of woken) {
        polls.wake(bot);
        deliveries.pump(bot);
      }
    });
  };

  const act: Act = (work) => {
    const nowMs = clock();
    const made: Work = {
      state,
      nowMs,
      now: Math.floor(nowMs / 1_000),
      announced: [],
      woken: new Set(),
      started: [],
    };
    const result = store.transaction(() => work(made));
    afterwards(made);
    return result;
  };

  const payments = createPaymentDeadlines({ state, act, clock, scheduler });
  const polls = createPolls({ act, pending, scheduler });
  const execute = createExecute({ act, polls });
  const deliveries = createDeliveries({
    state,
    act,
    pending,
    post: (post) => {
      observer.webhookSent(name, post.body);
      return sender.post(post);
    },
    replied: createReplyHandler({ execute, log }),
    clock,
    scheduler,
    timeouts,
    faults,
    log,
  });
  for (const [bot] of state.bots.entries()) deliveries.pump(bot);

  return {
    name,
    state,
    act,
    payments,
    owns: (path) => path.startsWith('/bot'),
    answer: createAnswer({ act, execute, log }),
    endWaits: () => {
      polls.close();
      payments.close();
    },
    close: async () => {
      polls.close();
      payments.close();
      await deliveries.close();
      sender.close();
    },
  };
};
