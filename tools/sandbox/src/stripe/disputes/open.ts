import type { Stripe } from 'stripe';
import { invalidRequest } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { emit } from '../emit.ts';
import { testCardByFingerprint } from '../payment-methods/test-cards.ts';
import { buildDispute } from './build.ts';
import { disputeKinds, type DisputeKind } from './kinds.ts';
import { withdrawFunds } from './settle.ts';

/**
 * The payer's bank disputes a charge, and takes the money back unless it only asks.
 * @throws StripeError when there is no money to dispute, or it is disputed already.
 */
export const openDispute = (
  call: Call,
  charge: Stripe.Charge,
  kind: DisputeKind,
): Stripe.Dispute => {
  if (charge.status !== 'succeeded' || !charge.captured || charge.disputed) {
    throw invalidRequest(
      charge.disputed
        ? `Charge ${charge.id} is disputed already.`
        : `Charge ${charge.id} was not captured, so it cannot be disputed.`,
    );
  }
  call.state.charges.put(charge.id, { ...charge, disputed: true });
  const dispute = buildDispute(call, charge, kind);
  const opened = kind.caseType === 'inquiry' ? dispute : withdrawFunds(call, dispute);
  call.state.disputes.put(opened.id, opened);
  emit(call, 'charge.dispute.created', opened);
  if (kind.caseType !== 'inquiry') emit(call, 'charge.dispute.funds_withdrawn', opened);
  return opened;
};

/** Disputes a charge that was captured with one of the test cards that do so. */
export const disputeByCard = (call: Call, charge: Stripe.Charge): void => {
  const fingerprint = charge.payment_method_details?.card?.fingerprint;
  const kind = testCardByFingerprint(fingerprint)?.dispute;
  if (kind !== undefined && charge.captured) openDispute(call, charge, disputeKinds[kind]);
};
