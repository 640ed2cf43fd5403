import type { Stripe } from 'stripe';
import { invalidRequest, unexpectedState, type StripeError } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { findPaymentMethod } from '../payment-methods/find.ts';
import { kindOf } from '../payment-methods/kinds.ts';
import { testCardByFingerprint } from '../payment-methods/test-cards.ts';
import { announce } from './announce.ts';
import { pageUrl } from './page-url.ts';
import type { ConfirmParams } from './params.ts';
import { authorize, beginProcessing, failPayment } from './settle.ts';
import { updateIntent } from './update.ts';

type Attempt = Pick<ConfirmParams, 'error_on_requires_action' | 'off_session' | 'return_url'> & {
  /** An invoice's payment waits for the payer to authenticate it, even when the payer is away. */
  waitsForPayer?: boolean;
};

const confirmable = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

const checkConfirmable = (intent: Stripe.PaymentIntent): void => {
  if (confirmable.includes(intent.status)) return;
  throw unexpectedState(
    intent.status === 'succeeded'
      ? 'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.'
      : `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: ${confirmable.join(', ')}.`,
    intent,
  );
};

const missingMethod = (intent: Stripe.PaymentIntent): StripeError =>
  unexpectedState(
    typeof intent.customer !== 'string'
      ? "You cannot confirm this PaymentIntent because it's missing a payment method. Update the PaymentIntent with a payment method and then confirm it again."
      : `You cannot confirm this PaymentIntent because it's missing a payment method. To confirm the PaymentIntent with ${intent.customer}, specify a payment method attached to this customer along with the customer ID.`,
    intent,
  );

const missingReturnUrl = (intent: Stripe.PaymentIntent): StripeError =>
  invalidRequest(
    'This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you do not want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.',
    { param: 'return_url', payment_intent: intent },
  );

const requireAction = (
  call: Call,
  intent: Stripe.PaymentIntent,
  returnUrl: string | undefined,
): Stripe.PaymentIntent => {
  const waiting: Stripe.PaymentIntent = {
    ...intent,
    last_payment_error: null,
    next_action: {
      type: 'redirect_to_url',
      redirect_to_url: { return_url: returnUrl ?? null, url: pageUrl(call.origin, intent.id) },
    },
    status: 'requires_action',
  };
  call.state.paymentIntents.put(waiting.id, waiting);
  announce(call, 'payment_intent.requires_action', waiting);
  return waiting;
};

const authenticationRequired = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};

/**
 * Attempts the payment with the method that the intent has.
 * @throws StripeError 402 when it is declined; the intent is back at `requires_payment_method` then.
 */
export const attemptPayment = (
  call: Call,
  intent: Stripe.PaymentIntent,
  params: Attempt,
): Stripe.PaymentIntent => {
  if (typeof intent.payment_method !== 'string') throw missingMethod(intent);
  const method = findPaymentMethod(call, intent.payment_method, 'payment_method');
  const kind = kindOf(method.type);
  if (kind.redirects && params.return_url === undefined) throw missingReturnUrl(intent);

  const wanted = testCardByFingerprint(method.card?.fingerprint)?.authentication;
  const away = params.off_session === true;
  if (kind.redirects || wanted === 'always' || (wanted === 'off_session' && away)) {
    return (away && !params.waitsForPayer) || params.error_on_requires_action
      ? failPayment(call, intent, method, authenticationRequired)
      : requireAction(call, intent, params.return_url);
  }
  return kind.delayed
    ? beginProcessing(call, intent, method)
    : authorize(call, intent, method, { authenticated: false });
};

/** Applies the parameters, then attempts the payment. */
export const confirmIntent = (
  call: Call,
  intent: Stripe.PaymentIntent,
  params: Omit<ConfirmParams, 'client_secret'> & Attempt,
): Stripe.PaymentIntent => {
  checkConfirmable(intent);
  return attemptPayment(call, updateIntent(call, intent, params), params);
};
