import type { Stripe } from 'stripe';
import { invalidRequest, resourceMissing } from '../api/errors.ts';
import type { Call } from '../call.ts';

/** @throws StripeError 404 when there is no such PaymentIntent. */
export const findIntent = (call: Call, id: string): Stripe.PaymentIntent => {
  const intent = call.state.paymentIntents.get(id);
  if (intent === undefined) throw resourceMissing('payment_intent', id, 'intent');
  return intent;
};

/** A client secret, where one is given, must be the intent's own; a publishable key must give it. */
export const checkClientSecret = (
  call: Call,
  intent: Stripe.PaymentIntent,
  secret: string | undefined,
): void => {
  if (secret === undefined && !call.publishable) return;
  if (secret === undefined) {
    throw invalidRequest('Missing required param: client_secret.', {
      code: 'parameter_missing',
      param: 'client_secret',
    });
  }
  if (secret === intent.client_secret) return;
  throw invalidRequest(
    'The client_secret provided does not match the client_secret associated with the PaymentIntent.',
    { code: 'payment_intent_invalid_parameter', param: 'client_secret' },
  );
};

// Stripe documents that such a holder sees less, but not what exactly.
const secretFields = new Set<string>([
  'allowed_payment_method_types',
  'amount_capturable',
  'amount_received',
  'application',
  'application_fee_amount',
  'customer',
  'customer_account',
  'excluded_payment_method_types',
  'latest_charge',
  'managed_payments',
  'metadata',
  'on_behalf_of',
  'payment_method_options',
  'payment_record',
  'review',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_group',
] satisfies (keyof Stripe.PaymentIntent)[]);

/** The intent as the caller may see it: the holder of a client secret alone does not see the merchant's own fields. */
export const visibleTo = (call: Call, intent: Stripe.PaymentIntent): object =>
  call.publishable
    ? Object.fromEntries(Object.entries(intent).filter(([name]) => !secretFields.has(name)))
    : intent;
