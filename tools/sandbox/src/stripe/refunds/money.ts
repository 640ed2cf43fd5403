import type { Stripe } from 'stripe';
import { previousAttributes } from '../api/changes.ts';
import { recordRefund, recordRefundFailure } from '../balance/charge-transactions.ts';
import type { Call } from '../call.ts';
import { closeRefundedInquiry } from '../disputes/refundable.ts';
import { emit } from '../emit.ts';

/** The refund as it is once its money has left the balance. Recorded, with no event yet. */
export const payRefund = (
  call: Call,
  charge: Stripe.Charge,
  { pending_reason: _over, ...refund }: Stripe.Refund,
): Stripe.Refund => {
  const paid: Stripe.Refund = {
    ...refund,
    balance_transaction: recordRefund(call, charge, refund).id,
    status: 'succeeded',
  };
  call.state.refunds.put(paid.id, paid);
  return paid;
};

/** The refund as it is once its money has come back from the payer's bank. Recorded, with no event yet. */
export const returnRefund = (
  call: Call,
  charge: Stripe.Charge,
  refund: Stripe.Refund,
): Stripe.Refund => {
  const failed: Stripe.Refund = {
    ...refund,
    failure_balance_transaction: recordRefundFailure(call, charge, refund).id,
    failure_reason: 'expired_or_canceled_card',
    status: 'failed',
  };
  call.state.refunds.put(failed.id, failed);
  return failed;
};

const withRefunded = (call: Call, charge: Stripe.Charge, refunded: number): Stripe.Charge => {
  const changed: Stripe.Charge = {
    ...charge,
    amount_refunded: refunded,
    refunded: refunded === charge.amount_captured,
  };
  call.state.charges.put(changed.id, changed);
  return changed;
};

/** The charge shows a refund that succeeded. Minor units. */
export const showRefunded = (call: Call, before: Stripe.Charge, amount: number): void => {
  const charge = withRefunded(call, before, before.amount_refunded + amount);
  emit(call, 'charge.refunded', charge, previousAttributes(before, charge));
  closeRefundedInquiry(call, charge);
};

/** The charge no longer shows a refund that failed, and can be refunded again. Minor units. */
export const hideRefunded = (call: Call, charge: Stripe.Charge, amount: number): void => {
  withRefunded(call, charge, charge.amount_refunded - amount);
};
