import type { Clock, Logger } from '@quittance/runtime';
import type { Stripe } from 'stripe';
import type { Emulator } from '../emulator.ts';
import type { Faults } from '../faults/faults.ts';
import type { Observer } from '../observer.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Store } from '../state/store.ts';
import { createAnswer } from './answer.ts';
import { createIdempotency, type Outcome } from './api/idempotency.ts';
import { createRouter } from './api/route.ts';
import type { Call } from './call.ts';
import { disputeDeadlines } from './disputes/deadlines.ts';
import { createDueWorkRunner } from './due-work.ts';
import { createExecute } from './execute.ts';
import { invoiceAutomation } from './invoices/automation.ts';
import { refundOutcomes } from './refunds/outcomes.ts';
import { ensureWebhookEndpoint } from './resources/webhook-endpoints.ts';
import { stripeRoutes } from './routes.ts';
import { openStripeState, type StripeState } from './state.ts';
import { createDeliveries } from './webhooks/deliveries.ts';
import { createWebhookSender } from '../webhooks/sender.ts';

const name = 'Stripe';

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
}): StripeEmulator => {
  const state = openStripeState(store);
  const sender = createWebhookSender();
  const deliveries = createDeliveries({
    state,
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
  const nowSeconds = (): number => Math.floor(clock() / 1_000);
  const execute = createExecute({ store, state, deliveries, clock, log });
  const ownFacts = { requestId: null, idempotencyKey: null, publishable: false };
  const dueWork = createDueWorkRunner({
    works: [disputeDeadlines, invoiceAutomation, refundOutcomes],
    state,
    clock,
    scheduler,
    act: (work) => {
      execute({ ...ownFacts, origin: '' }, work);
      deliveries.dispatch();
    },
  });
  const afterwards = (): void => {
    deliveries.dispatch();
    dueWork.look();
  };
  deliveries.resume();
  dueWork.look();

  return {
    name,
    state,
    owns: (path) => path.startsWith('/v1/'),
    answer: createAnswer({
      store,
      idempotency: createIdempotency(state.idempotency, nowSeconds),
      execute,
      findRoute: createRouter(stripeRoutes),
      afterwards,
      clock,
      log,
    }),
    ensureWebhookEndpoint: (endpoint) =>
      ensureWebhookEndpoint(state, { ...endpoint, now: nowSeconds() }),
    act: (origin, work) => {
      const outcome = execute({ ...ownFacts, origin }, work);
      afterwards();
      return outcome;
    },
    close: async () => {
      dueWork.close();
      await deliveries.close();
      sender.close();
    },
  };
};
