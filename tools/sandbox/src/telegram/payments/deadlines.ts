import type { Clock } from '@quittance/runtime';
import type { Cancel, Scheduler } from '../../scheduler.ts';
import type { Payment, TelegramState } from '../state.ts';
import type { Act } from '../work.ts';
import { expirePayment } from './settle.ts';
import { answerWithinMs } from './start-payment.ts';

export interface PaymentDeadlines {
  /** Ends the wait for the bot's answer when its time is over. */
  watch: (payment: Payment) => void;
  /** Resolves once the payment no longer waits for the bot's answer, or the sandbox closes. */
  settled: (id: string) => Promise<void>;
  /** Lets those know who wait for a payment that has changed. */
  look: () => void;
  close: () => void;
}

export const createPaymentDeadlines = ({
  state,
  act,
  clock,
  scheduler,
}: {
  state: TelegramState;
  act: Act;
  clock: Clock;
  scheduler: Scheduler;
}): PaymentDeadlines => {
  let closed = false;
  const timers = new Map<string, Cancel>();
  const waiting = new Map<string, Set<() => void>>();

  const isWaiting = (id: string): boolean => state.payments.get(id)?.state === 'waiting';

  const look = (): void => {
    for (const [id, cancel] of timers) {
      if (isWaiting(id)) continue;
      cancel();
      timers.delete(id);
    }
    for (const [id, resolves] of waiting) {
      if (isWaiting(id) && !closed) continue;
      waiting.delete(id);
      for (const resolve of resolves) resolve();
    }
  };

  const watch = ({ id, expiresAt }: Payment): void => {
    // A clock that was put back makes nobody wait longer than the ten seconds.
    const leftMs = Math.min(Math.max(0, expiresAt - clock()), answerWithinMs);
    timers.set(
      id,
      scheduler.after(leftMs, () => act((work) => expirePayment(work, id))),
    );
  };

  for (const [, payment] of state.payments.entries()) {
    if (payment.state === 'waiting') watch(payment);
  }

  return {
    watch,
    look,
    settled: (id) =>
      isWaiting(id) && !closed
        ? new Promise((resolve) => {
            const others = waiting.get(id) ?? new Set();
            waiting.set(id, others.add(resolve));
          })
        : Promise.resolve(),
    close: () => {
      closed = true;
      for (const cancel of timers.values()) cancel();
      timers.clear();
      look();
    },
  };
};
