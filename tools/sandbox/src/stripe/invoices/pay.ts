import type { Stripe } from 'stripe';
import { StripeError, invalidRequest } from '../api/errors.ts';
import { referredId } from '../api/reference.ts';
import type { Call } from '../call.ts';
import { confirmIntent } from '../payment-intents/confirm.ts';
import { defaultMethodOf, findMethodOf, noDefaultMethod } from './choose-method.ts';
import { finalizeInvoice } from './finalize.ts';
import { findInvoice } from './find-invoice.ts';
import { markPaid } from './mark-paid.ts';
import type { PayParams } from './params.ts';
import { defaultIntentOf } from './payments.ts';

const payable = ['open', 'uncollectible'];

const actionRequired = (intent: Stripe.PaymentIntent): StripeError =>
  new StripeError(
    402,
    {
      type: 'card_error',
      code: 'invoice_payment_intent_requires_action',
      message:
        'This payment requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with the invoice.',
      payment_intent: intent,
    },
    { keepsChanges: true },
  );

/**
 * Charges what is left of a finalized invoice.
 * @throws StripeError 402 when the payment is declined or waits for the payer; what happened stays recorded.
 */
export const chargeInvoice = (
  call: Call,
  invoice: Stripe.Invoice,
  method: Stripe.PaymentMethod,
  { offSession }: { offSession: boolean },
): void => {
  const intent = defaultIntentOf(call.state, invoice.id);
  if (intent === undefined) throw new Error(`${invoice.id} is to be paid but has no PaymentIntent`);
  const attempted = confirmIntent(call, intent, {
    payment_method: method.id,
    off_session: offSession,
    waitsForPayer: true,
  });
  if (attempted.status === 'requires_action') throw actionRequired(attempted);
};

const payOutOfBand = (call: Call, invoice: Stripe.Invoice): Stripe.Invoice =>
  markPaid(
    call,
    invoice,
    {
      amount_paid: invoice.amount_paid + invoice.amount_remaining,
      amount_paid_off_stripe: invoice.amount_remaining,
    },
    { outOfBand: true },
  );

/** Pays an invoice now, finalizing a draft first. */
export const payInvoice = (call: Call, params: PayParams, id: string): Stripe.Invoice => {
  const found = findInvoice(call, id);
  if (found.status === 'paid') throw invalidRequest('Invoice is already paid');
  const chosen =
    params.payment_method === undefined
      ? undefined
      : findMethodOf(call, referredId(found.customer), params.payment_method, 'payment_method');
  const invoice = found.status === 'draft' ? finalizeInvoice(call, found, undefined) : found;
  if (invoice.status === 'paid') return invoice;
  if (!payable.includes(invoice.status ?? '')) {
    throw invalidRequest("You can only pass in open invoices. This invoice isn't open.");
  }
  if (params.paid_out_of_band) return payOutOfBand(call, invoice);
  const method = chosen ?? defaultMethodOf(call, invoice);
  if (method === undefined) throw noDefaultMethod();
  chargeInvoice(call, invoice, method, { offSession: params.off_session });
  return findInvoice(call, id);
};
