import type { Stripe } from 'stripe';
import { invalidRequest } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { disputeOfCharge } from './of-charge.ts';
import { isInquiry, loseDispute } from './settle.ts';

/** @throws StripeError when the payer's bank has taken the money already. */
export const checkRefundable = (call: Call, charge: Stripe.Charge): void => {
  if (disputeOfCharge(call.state, charge)?.is_charge_refundable ?? true) return;
  throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
    code: 'charge_disputed',
  });
};

/** With all of the money back, the bank has nothing to ask any more. */
export const closeRefundedInquiry = (call: Call, charge: Stripe.Charge): void => {
  const dispute = charge.refunded ? disputeOfCharge(call.state, charge) : undefined;
  if (dispute !== undefined && isInquiry(dispute)) loseDispute(call, dispute);
};
