import type { Clock, Logger } from '@quittance/runtime';
import type { Stripe } from 'stripe';
import type { Emulator } from '../emulator.ts';
import type { Faults } from '../faults/faults.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Store } from '../state/store.ts';
import { createAnswer } from './answer.ts';
import { createIdempotency, type Outcome } from './api/idempotency.ts';
import { createRouter } from './api/route.ts';
import type { Call } from './call.ts';
import { createExecute } from './execute.ts';
import { ensureWebhookEndpoint } from './resources/webhook-endpoints.ts';
import { stripeRoutes } from './routes.ts';
import { openStripeState, type StripeState } from './state.ts';
import { createDeliveries } from './webhooks/deliveries.ts';
import { createWebhookSender } from './webhooks/sender.ts';

export interface StripeEmulator extends Emulator {
  state: StripeState;
  ensureWebhookEndpoint: (endpoint: { url: string; secret: string }) => Stripe.WebhookEndpoint;
  /** Lets a person act, as on a page of Stripe's: the same rules and events, but no API request. */
  act: (origin: string, work: (call: Call) => object) => Outcome;
}

export const createStripeEmulator = ({
  store,
  clock,
  scheduler,
  timeouts,
  faults,
  log,
}: {
  store: Store;
  clock: Clock;
  scheduler: Scheduler;
  timeouts: Scheduler;
  faults: Faults;
  log: Logger;
}): StripeEmulator => {
  const state = openStripeState(store);
  const sender = createWebhookSender();
  const deliveries = createDeliveries({
    state,
    clock,
    scheduler,
    timeouts,
    send: sender.send,
    faults,
    log,
  });
  const nowSeconds = (): number => Math.floor(clock() / 1_000);
  const execute = createExecute({ store, state, deliveries, clock, log });
  deliveries.resume();

  return {
    name: 'Stripe',
    state,
    owns: (path) => path.startsWith('/v1/'),
    answer: createAnswer({
      store,
      idempotency: createIdempotency(state.idempotency, nowSeconds),
      execute,
      findRoute: createRouter(stripeRoutes),
      afterwards: deliveries.dispatch,
      clock,
      log,
    }),
    ensureWebhookEndpoint: (endpoint) =>
      ensureWebhookEndpoint(state, { ...endpoint, now: nowSeconds() }),
    act: (origin, work) => {
      const facts = { requestId: null, idempotencyKey: null, origin, publishable: false };
      const outcome = execute(facts, work);
      deliveries.dispatch();
      return outcome;
    },
    close: async () => {
      await deliveries.close();
      sender.close();
    },
  };
};
