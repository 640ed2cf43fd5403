import type { Stripe } from 'stripe';
import type { z } from 'zod';
import { invalidRequest } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { findIntent } from '../payment-intents/find-intent.ts';
import { findInvoice } from './find-invoice.ts';
import { followIntent } from './follow-intent.ts';
import type { attachPaymentShape } from './params.ts';
import { createPayment, paymentsOf } from './payments.ts';

const attachable = ['open', 'uncollectible'];

const refused = (message: string) => invalidRequest(message, { param: 'payment_intent' });

/** Lets a PaymentIntent of the merchant's own pay the invoice, in whole or in part, once it succeeds. */
export const attachPayment = (
  call: Call,
  params: z.infer<z.ZodObject<typeof attachPaymentShape>>,
  id: string,
): Stripe.Invoice => {
  const invoice = findInvoice(call, id);
  if (params.payment_intent === undefined) {
    throw invalidRequest('Missing required param: payment_intent.', {
      code: 'parameter_missing',
      param: 'payment_intent',
    });
  }
  if (!attachable.includes(invoice.status ?? '')) {
    throw invalidRequest("You can only pass in open invoices. This invoice isn't open.");
  }
  const intent = findIntent(call, params.payment_intent);
  if (paymentsOf(call.state, intent.id).length > 0) {
    throw refused(`The PaymentIntent ${intent.id} is already attached to an invoice.`);
  }
  if (intent.currency !== invoice.currency) {
    throw refused(
      `The PaymentIntent's currency (${intent.currency}) does not match the invoice's (${invoice.currency}).`,
    );
  }
  if (intent.customer !== invoice.customer) {
    throw refused("The PaymentIntent's customer does not match the invoice's customer.");
  }
  if (intent.status === 'canceled') throw refused('A canceled PaymentIntent cannot be attached.');
  createPayment(call, invoice, intent, { amount: intent.amount, isDefault: false });
  if (intent.status === 'succeeded') followIntent(call, intent);
  return findInvoice(call, id);
};
