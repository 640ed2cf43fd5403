import type { Stripe } from 'stripe';
import { unexpectedState } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { followIntent } from '../invoices/follow-intent.ts';
import { withdrawIntent } from './withdraw.ts';

// Source: the reference of `POST /v1/payment_intents/:id/cancel`. `processing` is cancelable only in rare cases.
const cancelable = [
  'requires_payment_method',
  'requires_capture',
  'requires_confirmation',
  'requires_action',
  'processing',
];

/** Gives up the payment and releases what was authorized. */
export const cancelIntent = (
  call: Call,
  intent: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason | undefined,
): Stripe.PaymentIntent => {
  if (!cancelable.includes(intent.status)) {
    throw unexpectedState(
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${cancelable.join(', ')}.`,
      intent,
    );
  }
  const canceled = withdrawIntent(call, intent, reason);
  followIntent(call, canceled);
  return canceled;
};
