import type { Stripe } from 'stripe';
import { invalidRequest } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { createPaymentMethod } from '../payment-methods/build.ts';
import { findPaymentMethod } from '../payment-methods/find.ts';
import type { CreateParams } from './params.ts';

const checkUsable = (intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): void => {
  if (!intent.payment_method_types.includes(method.type)) {
    throw invalidRequest(
      `The PaymentMethod provided (${method.type}) is not allowed for this PaymentIntent. Please attach a PaymentMethod of one of the following types: ${intent.payment_method_types.join(', ')}. Alternatively update the allowed payment_method_types for this PaymentIntent to include "${method.type}".`,
      { param: 'payment_method' },
    );
  }
  if (method.customer === null || method.customer === intent.customer) return;
  throw invalidRequest(
    intent.customer === null
      ? 'The provided PaymentMethod is attached to a customer. Provide the `customer` that it belongs to.'
      : `The payment method supplied (${method.id}) belongs to a different Customer. Please use a PaymentMethod that belongs to this Customer, or detach the payment method first.`,
    { code: 'payment_intent_invalid_parameter', param: 'payment_method' },
  );
};

/**
 * The payment method that the parameters name or describe; undefined when they do neither.
 * @throws StripeError when the intent cannot be paid with it.
 */
export const chooseMethod = (
  call: Call,
  intent: Stripe.PaymentIntent,
  params: Pick<CreateParams, 'payment_method' | 'payment_method_data'>,
): Stripe.PaymentMethod | undefined => {
  const { payment_method: id, payment_method_data: data } = params;
  if (id === undefined && data === undefined) return undefined;
  if (id !== undefined && data !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: payment_method, payment_method_data.',
    );
  }
  const method =
    id === undefined
      ? data && createPaymentMethod(call, data)
      : findPaymentMethod(call, id, 'payment_method');
  if (method !== undefined) checkUsable(intent, method);
  return method;
};
