import type { Stripe } from 'stripe';
import { unexpectedState } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { paymentsOf } from './payments.ts';

const isInvoices = (call: Call, intent: Stripe.PaymentIntent): boolean =>
  paymentsOf(call.state, intent.id).some(({ is_default: isDefault }) => isDefault);

/** @throws StripeError when Stripe made the PaymentIntent for an invoice: only the invoice can cancel it. */
export const checkCancelable = (call: Call, intent: Stripe.PaymentIntent): void => {
  if (!isInvoices(call, intent)) return;
  throw unexpectedState(
    'You cannot cancel this PaymentIntent because it was created by an invoice. Void the invoice instead.',
    intent,
  );
};

/** @throws StripeError when a change would part the PaymentIntent from the invoice that it was made for. */
export const checkChangeable = (
  call: Call,
  intent: Stripe.PaymentIntent,
  params: { amount?: unknown; currency?: unknown; customer?: unknown },
): void => {
  const name = (['amount', 'currency', 'customer'] as const).find(
    (field) => params[field] !== undefined,
  );
  if (name === undefined || !isInvoices(call, intent)) return;
  throw unexpectedState(
    `This PaymentIntent's ${name} could not be updated because it was created by an invoice.`,
    intent,
    name,
  );
};
