import type { Stripe } from 'stripe';
import type { StripeState } from '../state.ts';

/** The dispute over a charge, wherever it has got to. */
export const disputeOfCharge = (
  state: StripeState,
  charge: Stripe.Charge,
): Stripe.Dispute | undefined =>
  charge.disputed
    ? state.disputes.newestFirst().find((dispute) => dispute.charge === charge.id)
    : undefined;
