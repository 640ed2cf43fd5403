import type { Clock, Logger } from '@quittance/runtime';
import type { Stripe } from 'stripe';
import type { WebhookFault } from '../../faults/fault-config.ts';
import type { Faults } from '../../faults/faults.ts';
import type { Cancel, Scheduler } from '../../scheduler.ts';
import { newId } from '../api/ids.ts';
import type { StoredEndpoint, StripeState } from '../state.ts';
import { createLanes } from './lanes.ts';
import { postEvent } from './post-event.ts';
import { retryDelay } from './retry-schedule.ts';
import type { SendWebhook } from './sender.ts';

/** One event on its way to one endpoint; gone once the endpoint has answered 2xx. */
export interface Delivery {
  event: string;
  endpoint: string;
  failedAttempts: number;
  /** UTC milliseconds. */
  dueAt: number;
}

export interface Deliveries {
  /** Records a delivery for each endpoint that wants the event, and says how many there are. */
  plan: (event: Stripe.EventBase) => number;
  /** Starts what was planned, without making the caller wait. */
  dispatch: () => void;
  /** Takes up what an earlier process left. */
  resume: () => void;
  close: () => Promise<void>;
}

const timeoutMs = 20_000;
const concurrentPerEndpoint = 64;

const wants = (endpoint: StoredEndpoint, type: string): boolean =>
  endpoint.status === 'enabled' &&
  (endpoint.enabled_events.includes('*') || endpoint.enabled_events.includes(type));

/** Deliveries to one endpoint run side by side, and none waits for another endpoint. */
export const createDeliveries = ({
  state,
  clock,
  scheduler,
  timeouts,
  send,
  faults,
  log,
}: {
  state: StripeState;
  clock: Clock;
  scheduler: Scheduler;
  /** For what really takes time: a request under way does not time out because the clock was moved. */
  timeouts: Scheduler;
  send: SendWebhook;
  faults: Faults;
  log: Logger;
}): Deliveries => {
  let closed = false;
  let planned: string[] = [];
  const enter = createLanes(concurrentPerEndpoint);
  const timers = new Set<Cancel>();
  const attempts = new Map<Promise<void>, AbortController>();
  /** Deliveries that a fault holds back until the next one to the same endpoint has been tried. */
  const held = new Map<string, () => void>();

  const later = (delayMs: number, task: () => void): void => {
    const cancel = scheduler.after(delayMs, () => {
      timers.delete(cancel);
      task();
    });
    timers.add(cancel);
  };

  const fail = (id: string, delivery: Delivery, reason: string): void => {
    const failedAttempts = delivery.failedAttempts + 1;
    const delayMs = retryDelay(failedAttempts);
    log.debug({ delivery: id, failedAttempts, reason, delayMs }, 'webhook not delivered');
    if (delayMs === undefined) {
      log.warn({ delivery: id, failedAttempts }, 'webhook given up');
      state.deliveries.delete(id);
      return;
    }
    state.deliveries.put(id, { ...delivery, failedAttempts, dueAt: clock() + delayMs });
    later(delayMs, () => start(id));
  };

  const tryOnce = async (
    id: string,
    delivery: Delivery,
    signal: AbortSignal,
    fault: WebhookFault | undefined,
  ): Promise<void> => {
    const endpoint = state.webhookEndpoints.get(delivery.endpoint);
    const event = state.events.get(delivery.event);
    if (endpoint?.status !== 'enabled' || event === undefined) {
      state.deliveries.delete(id);
      return;
    }
    try {
      if (fault === 'webhook_drop') throw new Error('dropped by a fault');
      const target = {
        url: endpoint.url,
        secret: fault === 'webhook_bad_signature' ? newId('whsec', 32) : endpoint.secret,
        apiVersion: endpoint.api_version,
        now: clock(),
        signal,
      };
      const copies = fault === 'webhook_duplicate' ? [target, target] : [target];
      const [taken] = await Promise.all(copies.map((copy) => postEvent(send, event, copy)));
      if (!taken) throw new Error('the endpoint did not answer 2xx');
      state.deliveries.delete(id);
    } catch (error) {
      if (!closed) fail(id, delivery, error instanceof Error ? error.message : String(error));
    }
  };

  const attempt = async (
    id: string,
    controller: AbortController,
    fault: WebhookFault | undefined,
  ): Promise<void> => {
    const delivery = state.deliveries.get(id);
    if (delivery === undefined) return;
    const leave = await enter(delivery.endpoint);
    const stopTimer = timeouts.after(timeoutMs, () => controller.abort(new Error('timed out')));
    try {
      if (!closed) await tryOnce(id, delivery, controller.signal, fault);
    } finally {
      stopTimer();
      leave();
      releaseHeld(delivery.endpoint);
    }
  };

  const run = (id: string, fault?: WebhookFault): void => {
    if (closed) return;
    const controller = new AbortController();
    const running = attempt(id, controller, fault).catch((error: unknown) => {
      log.error({ err: error, delivery: id }, 'webhook delivery failed');
    });
    attempts.set(running, controller);
    void running.then(() => attempts.delete(running));
  };

  const releaseHeld = (endpointId: string): void => {
    held.get(endpointId)?.();
  };

  const hold = (id: string, endpointId: string): void => {
    releaseHeld(endpointId);
    const release = (): void => {
      if (held.get(endpointId) !== release) return;
      held.delete(endpointId);
      run(id);
    };
    held.set(endpointId, release);
    later(faults.webhookDelayMs(), release);
  };

  function start(id: string): void {
    const delivery = state.deliveries.get(id);
    if (delivery === undefined || closed) return;
    const type = state.events.get(delivery.event)?.type ?? '';
    const fault = delivery.failedAttempts === 0 ? faults.forWebhook(type) : undefined;
    if (fault === 'webhook_delay') later(faults.webhookDelayMs(), () => run(id));
    else if (fault === 'webhook_reorder') hold(id, delivery.endpoint);
    else run(id, fault);
  }

  return {
    plan: (event) => {
      const before = planned.length;
      for (const [endpointId, endpoint] of state.webhookEndpoints.entries()) {
        if (!wants(endpoint, event.type)) continue;
        const id = `${event.id}:${endpointId}`;
        const dueAt = clock();
        state.deliveries.put(id, {
          event: event.id,
          endpoint: endpointId,
          failedAttempts: 0,
          dueAt,
        });
        planned.push(id);
      }
      return planned.length - before;
    },
    dispatch: () => {
      if (planned.length === 0) return;
      const ids = planned;
      planned = [];
      setImmediate(() => ids.forEach(start));
    },
    resume: () => {
      for (const [id, { dueAt, failedAttempts }] of state.deliveries.entries()) {
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
