import type { Stripe } from 'stripe';
import { unexpectedState } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { findPaymentMethod } from '../payment-methods/find.ts';
import { announce } from './announce.ts';
import { authorize } from './settle.ts';

const authenticationFailure = {
  code: 'payment_intent_authentication_failure',
  doc_url: 'https://stripe.com/docs/error-codes/payment-intent-authentication-failure',
  message:
    'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.',
  type: 'invalid_request_error',
} as const;

/**
 * What the payer did on the page that `next_action` points to.
 * @throws StripeError 402 when the issuer declines an authenticated payment.
 */
export const authenticateIntent = (
  call: Call,
  intent: Stripe.PaymentIntent,
  succeeded: boolean,
): Stripe.PaymentIntent => {
  if (intent.status !== 'requires_action' || typeof intent.payment_method !== 'string') {
    throw unexpectedState(
      `This PaymentIntent cannot be authenticated because it has a status of ${intent.status}.`,
      intent,
    );
  }
  const method = findPaymentMethod(call, intent.payment_method);
  if (succeeded) return authorize(call, intent, method, { authenticated: true });
  const failed: Stripe.PaymentIntent = {
    ...intent,
    last_payment_error: { ...authenticationFailure, payment_method: method },
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  };
  call.state.paymentIntents.put(failed.id, failed);
  announce(call, 'payment_intent.payment_failed', failed);
  return failed;
};
