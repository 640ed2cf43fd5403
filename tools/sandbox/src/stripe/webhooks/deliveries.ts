import type { Clock, Logger } from '@quittance/runtime';
import type { Stripe } from 'stripe';
import type { Faults } from '../../faults/faults.ts';
import type { Scheduler } from '../../scheduler.ts';
import {
  createDeliveriesOf,
  type Attempted,
  type DeliveriesOf,
} from '../../webhooks/deliveries.ts';
import type { SendWebhook } from '../../webhooks/sender.ts';
import { newId } from '../api/ids.ts';
import type { StoredEndpoint, StripeState } from '../state.ts';
import { postEvent } from './post-event.ts';
import { retryDelay } from './retry-schedule.ts';

/** One event on its way to one endpoint; gone once the endpoint has answered 2xx. */
export interface Delivery extends Attempted {
  event: string;
  endpoint: string;
}

export interface Deliveries extends Omit<DeliveriesOf<Delivery>, 'add'> {
  /** Records a delivery for each endpoint that wants the event, and says how many there are. */
  plan: (event: Stripe.EventBase) => number;
}

const wants = (endpoint: StoredEndpoint, type: string): boolean =>
  endpoint.status === 'enabled' &&
  (endpoint.enabled_events.includes('*') || endpoint.enabled_events.includes(type));

/** Deliveries to one endpoint run side by side, and none waits for another endpoint. */
export const createDeliveries = ({
  state,
  clock,
  send,
  ...running
}: {
  state: StripeState;
  clock: Clock;
  scheduler: Scheduler;
  timeouts: Scheduler;
  send: SendWebhook;
  faults: Faults;
  log: Logger;
}): Deliveries => {
  const { add, ...deliveries } = createDeliveriesOf<Delivery>({
    ...running,
    clock,
    pending: state.deliveries,
    retryDelay,
    attemptOf: (delivery) => {
      const endpoint = state.webhookEndpoints.get(delivery.endpoint);
      const event = state.events.get(delivery.event);
      if (endpoint?.status !== 'enabled' || event === undefined) return undefined;
      return {
        receiver: delivery.endpoint,
        type: event.type,
        post: ({ signal, fault }) =>
          postEvent(send, event, {
            url: endpoint.url,
            secret: fault === 'webhook_bad_signature' ? newId('whsec', 32) : endpoint.secret,
            apiVersion: endpoint.api_version,
            now: clock(),
            signal,
          }),
      };
    },
  });
  return {
    ...deliveries,
    plan: (event) => {
      let planned = 0;
      for (const [endpoint, stored] of state.webhookEndpoints.entries()) {
        if (!wants(stored, event.type)) continue;
        const delivery = { event: event.id, endpoint, failedAttempts: 0, dueAt: clock() };
        add(`${event.id}:${endpoint}`, delivery);
        planned += 1;
      }
      return planned;
    },
  };
};
