import type { Clock, Logger } from '@quittance/runtime';
import type { Store } from '../state/store.ts';
import { StripeError, serverError, toErrorAnswer } from './api/errors.ts';
import type { Outcome } from './api/idempotency.ts';
import type { Call } from './call.ts';
import type { StripeState } from './state.ts';
import type { Deliveries } from './webhooks/deliveries.ts';

export type CallFacts = Pick<Call, 'idempotencyKey' | 'origin' | 'publishable' | 'requestId'>;

/** Does the work of one call in one transaction; an error becomes the answer that Stripe would give. */
export type Execute = (facts: CallFacts, work: (call: Call) => unknown) => Outcome;

export const toOutcome = (error: StripeError, requestId: string | null): Outcome => ({
  status: error.status,
  body: toErrorAnswer(error, requestId ?? ''),
});

export const createExecute =
  ({
    store,
    state,
    deliveries,
    clock,
    log,
  }: {
    store: Store;
    state: StripeState;
    deliveries: Deliveries;
    clock: Clock;
    log: Logger;
  }): Execute =>
  (facts, work) => {
    const call: Call = {
      ...facts,
      state,
      now: Math.floor(clock() / 1_000),
      planDeliveries: deliveries.plan,
    };
    try {
      return store.transaction(() => {
        try {
          return { status: 200, body: work(call) };
        } catch (error) {
          if (error instanceof StripeError && error.keepsChanges) {
            return toOutcome(error, facts.requestId);
          }
          throw error;
        }
      });
    } catch (error) {
      if (error instanceof StripeError) return toOutcome(error, facts.requestId);
      log.error({ err: error, requestId: facts.requestId }, 'call failed');
      return toOutcome(serverError(), facts.requestId);
    }
  };
