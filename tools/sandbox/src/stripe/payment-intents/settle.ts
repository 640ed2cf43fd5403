import type { Stripe } from 'stripe';
import { StripeError, docUrl } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { recordCharge } from '../balance/charge-transactions.ts';
import { disputeByCard } from '../disputes/open.ts';
import { emit } from '../emit.ts';
import { attachPaymentMethod } from '../payment-methods/attach.ts';
import { findPaymentMethod } from '../payment-methods/find.ts';
import { testCardByFingerprint, type Decline } from '../payment-methods/test-cards.ts';
import { announce } from './announce.ts';
import { createCharge, latestCharge } from './charge.ts';

const save = (call: Call, intent: Stripe.PaymentIntent): Stripe.PaymentIntent => {
  call.state.paymentIntents.put(intent.id, intent);
  return intent;
};

/** The attempt is declined: its charge failed, and the payer may try another method. */
const recordDecline = (
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  charge: Stripe.Charge,
  decline: Decline,
): Stripe.PaymentIntent => {
  const failed = save(call, {
    ...intent,
    last_payment_error: {
      charge: charge.id,
      code: decline.code,
      ...(decline.declineCode === undefined ? {} : { decline_code: decline.declineCode }),
      doc_url: docUrl(decline.code),
      message: decline.message,
      payment_method: method,
      type: 'card_error',
    },
    latest_charge: charge.id,
    next_action: null,
    payment_method: null,
    processing: null,
    status: 'requires_payment_method',
  });
  emit(call, 'charge.failed', charge);
  announce(call, 'payment_intent.payment_failed', failed);
  return failed;
};

/** @throws StripeError 402, always; what happened stays recorded. */
export const failPayment = (
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  decline: Decline,
): never => {
  const charge = createCharge(call, intent, method, { status: 'failed', decline });
  const failed = recordDecline(call, intent, method, charge, decline);
  throw new StripeError(
    402,
    {
      type: 'card_error',
      code: decline.code,
      ...(decline.declineCode === undefined ? {} : { decline_code: decline.declineCode }),
      message: decline.message,
      charge: charge.id,
      payment_intent: failed,
      payment_method: method,
      ...(decline.code === 'incorrect_cvc' ? { param: 'cvc' } : {}),
    },
    { keepsChanges: true },
  );
};

const keepMethod = (
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): void => {
  if (intent.setup_future_usage === null || method.customer !== null) return;
  if (typeof intent.customer === 'string') attachPaymentMethod(call, method, intent.customer);
};

const isManual = ({
  capture_method: method,
  payment_method_options: options,
}: Stripe.PaymentIntent) => method === 'manual' || options?.card?.capture_method === 'manual';

/**
 * Asks the issuer, and takes the money unless it is to be captured later.
 * @throws StripeError 402 when the issuer declines.
 */
export const authorize = (
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  { authenticated }: { authenticated: boolean },
): Stripe.PaymentIntent => {
  const decline = testCardByFingerprint(method.card?.fingerprint)?.decline;
  if (decline !== undefined) return failPayment(call, intent, method, decline);

  const captured = !isManual(intent);
  const charge = createCharge(call, intent, method, {
    status: 'succeeded',
    captured,
    authenticated,
  });
  const paid = save(call, {
    ...intent,
    amount_capturable: captured ? 0 : intent.amount,
    amount_received: captured ? intent.amount : 0,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    status: captured ? 'succeeded' : 'requires_capture',
  });
  keepMethod(call, paid, method);
  emit(call, 'charge.succeeded', charge);
  disputeByCard(call, charge);
  announce(
    call,
    captured ? 'payment_intent.succeeded' : 'payment_intent.amount_capturable_updated',
    paid,
  );
  return paid;
};

/** The payment is on its way and takes days, as a bank debit does. */
export const beginProcessing = (
  call: Call,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): Stripe.PaymentIntent => {
  const charge = createCharge(call, intent, method, { status: 'pending' });
  const processing = save(call, {
    ...intent,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    status: 'processing',
  });
  keepMethod(call, processing, method);
  emit(call, 'charge.pending', charge);
  announce(call, 'payment_intent.processing', processing);
  return processing;
};

const bankDecline: Decline = {
  code: 'payment_intent_payment_attempt_failed',
  message: 'The payment failed: the bank returned it.',
};

/** The end of a payment that was processing. */
export const endProcessing = (
  call: Call,
  intent: Stripe.PaymentIntent,
  succeeded: boolean,
): Stripe.PaymentIntent => {
  const pending = latestCharge(call, intent);
  if (pending === undefined || typeof intent.payment_method !== 'string') {
    throw new Error(`${intent.id} is processing without a charge or a method`);
  }
  const method = findPaymentMethod(call, intent.payment_method);
  const settled = { ...pending, amount_captured: pending.amount, captured: true };
  const charge: Stripe.Charge = succeeded
    ? {
        ...settled,
        balance_transaction: recordCharge(call, settled).id,
        paid: true,
        status: 'succeeded',
      }
    : {
        ...pending,
        failure_code: bankDecline.code,
        failure_message: bankDecline.message,
        status: 'failed',
      };
  call.state.charges.put(charge.id, charge);
  if (!succeeded) return recordDecline(call, intent, method, charge, bankDecline);
  const paid = save(call, { ...intent, amount_received: intent.amount, status: 'succeeded' });
  emit(call, 'charge.succeeded', charge);
  announce(call, 'payment_intent.succeeded', paid);
  return paid;
};
