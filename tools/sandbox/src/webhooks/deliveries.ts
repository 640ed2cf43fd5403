import type { Clock, Logger } from '@quittance/runtime';
import type { WebhookFault } from '../faults/fault-config.ts';
import type { Faults } from '../faults/faults.ts';
import type { Cancel, Scheduler } from '../scheduler.ts';
import type { Collection } from '../state/store.ts';
import { createLanes } from './lanes.ts';

/** One message on its way to one receiver. */
export interface Attempted {
  failedAttempts: number;
  /** UTC milliseconds. */
  dueAt: number;
}

/** What an attempt to deliver comes down to. */
export interface Attempt {
  /** Deliveries to one receiver are limited together, and none waits for another receiver. */
  receiver: string;
  /** What the faults know the message by. */
  type: string;
  /** Resolves with whether the receiver took it. */
  post: (how: { signal: AbortSignal; fault: WebhookFault | undefined }) => Promise<boolean>;
}

export interface DeliveriesOf<D> {
  /** Records a new delivery, for `dispatch` to start. Belongs in the transaction of the change that it tells of. */
  add: (id: string, delivery: D) => void;
  /** Starts what was added, without making the caller wait. */
  dispatch: () => void;
  /** Takes up what an earlier process left. */
  resume: () => void;
  close: () => Promise<void>;
}

const timeoutMs = 20_000;
const concurrentPerReceiver = 64;

/**
 * Sends webhooks until each is taken or given up, with the faults of their first attempts. Deliveries to one receiver run
 * side by side; what waits is in `pending`, so it survives a restart.
 */
export const createDeliveriesOf = <D extends Attempted>({
  pending,
  attemptOf,
  retryDelay,
  clock,
  scheduler,
  timeouts,
  faults,
  log,
}: {
  pending: Collection<D>;
  /** Undefined when nobody wants it any more. */
  attemptOf: (delivery: D) => Attempt | undefined;
  /** Milliseconds to wait after so many failed attempts; undefined when it is time to give up. */
  retryDelay: (failedAttempts: number) => number | undefined;
  clock: Clock;
  scheduler: Scheduler;
  /** For what really takes time: a request under way does not time out because the clock was moved. */
  timeouts: Scheduler;
  faults: Faults;
  log: Logger;
}): DeliveriesOf<D> => {
  let closed = false;
  let added: string[] = [];
  const enter = createLanes(concurrentPerReceiver);
  const timers = new Set<Cancel>();
  const attempts = new Map<Promise<void>, AbortController>();
  /** Deliveries that a fault holds back until the next one to the same receiver has been tried. */
  const held = new Map<string, () => void>();

  const later = (delayMs: number, task: () => void): void => {
    const cancel = scheduler.after(delayMs, () => {
      timers.delete(cancel);
      task();
    });
    timers.add(cancel);
  };

  const fail = (id: string, delivery: D, reason: string): void => {
    const failedAttempts = delivery.failedAttempts + 1;
    const delayMs = retryDelay(failedAttempts);
    log.debug({ delivery: id, failedAttempts, reason, delayMs }, 'webhook not delivered');
    if (delayMs === undefined) {
      log.warn({ delivery: id, failedAttempts }, 'webhook given up');
      pending.delete(id);
      return;
    }
    pending.put(id, { ...delivery, failedAttempts, dueAt: clock() + delayMs });
    later(delayMs, () => start(id));
  };

  const tryOnce = async (
    id: string,
    delivery: D,
    signal: AbortSignal,
    fault: WebhookFault | undefined,
  ): Promise<void> => {
    const attempted = attemptOf(delivery);
    if (attempted === undefined) {
      pending.delete(id);
      return;
    }
    try {
      if (fault === 'webhook_drop') throw new Error('dropped by a fault');
      const copies = fault === 'webhook_duplicate' ? 2 : 1;
      const [taken] = await Promise.all(
        Array.from({ length: copies }, () => attempted.post({ signal, fault })),
      );
      if (!taken) throw new Error('the receiver did not take it');
      pending.delete(id);
    } catch (error) {
      if (!closed) fail(id, delivery, error instanceof Error ? error.message : String(error));
    }
  };

  const attempt = async (
    id: string,
    receiver: string,
    controller: AbortController,
    fault: WebhookFault | undefined,
  ): Promise<void> => {
    const leave = await enter(receiver);
    const stopTimer = timeouts.after(timeoutMs, () => controller.abort(new Error('timed out')));
    try {
      const delivery = pending.get(id);
      if (!closed && delivery !== undefined) await tryOnce(id, delivery, controller.signal, fault);
    } finally {
      stopTimer();
      leave();
      held.get(receiver)?.();
    }
  };

  const run = (id: string, receiver: string, fault?: WebhookFault): void => {
    if (closed) return;
    const controller = new AbortController();
    const running = attempt(id, receiver, controller, fault).catch((error: unknown) => {
      log.error({ err: error, delivery: id }, 'webhook delivery failed');
    });
    attempts.set(running, controller);
    void running.then(() => attempts.delete(running));
  };

  const hold = (id: string, receiver: string): void => {
    held.get(receiver)?.();
    const release = (): void => {
      if (held.get(receiver) !== release) return;
      held.delete(receiver);
      run(id, receiver);
    };
    held.set(receiver, release);
    later(faults.webhookDelayMs(), release);
  };

  function start(id: string): void {
    const delivery = pending.get(id);
    if (delivery === undefined || closed) return;
    const attempted = attemptOf(delivery);
    if (attempted === undefined) {
      pending.delete(id);
      return;
    }
    const { receiver, type } = attempted;
    const fault = delivery.failedAttempts === 0 ? faults.forWebhook(type) : undefined;
    if (fault === 'webhook_delay') later(faults.webhookDelayMs(), () => run(id, receiver));
    else if (fault === 'webhook_reorder') hold(id, receiver);
    else run(id, receiver, fault);
  }

  return {
    add: (id, delivery) => {
      pending.put(id, delivery);
      added.push(id);
    },
    dispatch: () => {
      if (added.length === 0) return;
      const ids = added;
      added = [];
      setImmediate(() => ids.forEach(start));
    },
    resume: () => {
      for (const [id, { dueAt, failedAttempts }] of pending.entries()) {
        // A clock that was put back makes no delivery wait longer than its schedule says.
        const longest = retryDelay(failedAttempts) ?? 0;
        later(Math.min(Math.max(0, dueAt - clock()), longest), () => start(id));
      }
    },
    close: async () => {
      closed = true;
      for (const cancel of timers) cancel();
      for (const controller of attempts.values()) controller.abort(new Error('closing'));
      await Promise.all(attempts.keys());
    },
  };
};
