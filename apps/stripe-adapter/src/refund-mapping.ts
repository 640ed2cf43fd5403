import type { Fact, Observation } from '@quittance/contracts';
import { Refund } from '@quittance/contracts/stripe';
import { fromStripeAmount } from './currencies.ts';
import { idOf } from './refs.ts';
import { isoTime } from './times.ts';

const refundStates = {
  pending: 'pending',
  requires_action: 'pending',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
} as const;

const isRefundState = (status: string): status is keyof typeof refundStates =>
  Object.hasOwn(refundStates, status);

/** A status that Stripe did not have when this was written counts as pending. */
const stateOf = ({ status }: Refund) =>
  status !== null && isRefundState(status) ? refundStates[status] : 'pending';

export const refundFact = (refund: Refund): Fact => ({
  kind: 'refund',
  ref: refund.id,
  money: fromStripeAmount(refund.amount, refund.currency),
  state: stateOf(refund),
});

/** A refund of the PaymentIntent or invoice `ref`, as the call that made it returned it. */
export const refundObservation = (ref: string, object: unknown): Observation => {
  const refund = Refund.parse(object);
  const alias = idOf(refund.payment_intent);
  return {
    evidenceId: `refund:${refund.id}:${stateOf(refund)}`,
    ref,
    ...(alias !== undefined && alias !== ref && { aliases: [alias] }),
    occurredAt: isoTime(refund.created),
    facts: [refundFact(refund)],
    providerData: null,
    raw: JSON.stringify(object),
  };
};
