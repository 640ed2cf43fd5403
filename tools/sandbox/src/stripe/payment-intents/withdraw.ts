import type { Stripe } from 'stripe';
import { previousAttributes } from '../api/changes.ts';
import type { Call } from '../call.ts';
import { emit } from '../emit.ts';
import { latestCharge } from './charge.ts';

const releaseAuthorization = (call: Call, intent: Stripe.PaymentIntent): void => {
  const before = latestCharge(call, intent);
  if (before === undefined || before.status === 'failed') return;
  const released: Stripe.Charge =
    before.status === 'pending'
      ? { ...before, status: 'failed', failure_message: 'The payment was canceled.' }
      : { ...before, amount_refunded: before.amount, refunded: true };
  call.state.charges.put(released.id, released);
  if (released.status === 'failed') emit(call, 'charge.failed', released);
  else emit(call, 'charge.refunded', released, previousAttributes(before, released));
};

/** Ends a PaymentIntent that has not succeeded, and releases what was authorized. */
export const withdrawIntent = (
  call: Call,
  intent: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason | undefined,
): Stripe.PaymentIntent => {
  releaseAuthorization(call, intent);
  const canceled: Stripe.PaymentIntent = {
    ...intent,
    amount_capturable: 0,
    canceled_at: call.now,
    cancellation_reason: reason ?? null,
    next_action: null,
    status: 'canceled',
  };
  call.state.paymentIntents.put(canceled.id, canceled);
  emit(call, 'payment_intent.canceled', canceled);
  return canceled;
};
