import type { Stripe } from 'stripe';
import { previousAttributes } from '../api/changes.ts';
import { invalidRequest, unexpectedState } from '../api/errors.ts';
import { mergeMetadata } from '../api/metadata.ts';
import type { Call } from '../call.ts';
import { recordCharge } from '../balance/charge-transactions.ts';
import { disputeByCard } from '../disputes/open.ts';
import { emit } from '../emit.ts';
import { announce } from './announce.ts';
import { latestCharge } from './charge.ts';
import { formatAmount } from './currencies.ts';
import type { CaptureParams } from './params.ts';

/** Takes what was authorized, or a part of it; the rest is released. */
export const captureIntent = (
  call: Call,
  intent: Stripe.PaymentIntent,
  params: CaptureParams,
): Stripe.PaymentIntent => {
  const before = latestCharge(call, intent);
  if (intent.status !== 'requires_capture' || before === undefined) {
    throw unexpectedState(
      intent.status === 'succeeded'
        ? 'This PaymentIntent could not be captured because it has already been captured.'
        : `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
      intent,
    );
  }
  const amount = params.amount_to_capture ?? intent.amount_capturable;
  if (amount > intent.amount_capturable) {
    throw invalidRequest(
      `The amount to capture (${formatAmount(amount, intent.currency)}) is greater than the capturable amount (${formatAmount(intent.amount_capturable, intent.currency)}).`,
      { code: 'amount_too_large', param: 'amount_to_capture', payment_intent: intent },
    );
  }
  const taken = { ...before, amount_captured: amount, captured: true };
  const charge = { ...taken, balance_transaction: recordCharge(call, taken).id };
  const captured: Stripe.PaymentIntent = {
    ...intent,
    amount_capturable: 0,
    amount_received: amount,
    metadata: mergeMetadata(intent.metadata, params.metadata),
    status: 'succeeded',
  };
  call.state.charges.put(charge.id, charge);
  call.state.paymentIntents.put(captured.id, captured);
  emit(call, 'charge.captured', charge, previousAttributes(before, charge));
  disputeByCard(call, charge);
  announce(call, 'payment_intent.succeeded', captured);
  return captured;
};
