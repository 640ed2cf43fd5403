import type { Stripe } from 'stripe';
import { invalidRequest, resourceMissing } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { upToDate } from './present.ts';

/** The invoice with all its lines. @throws StripeError when there is none. */
export const findInvoice = (call: Call, id: string, paramName = 'id'): Stripe.Invoice => {
  const invoice = call.state.invoices.get(id);
  if (invoice === undefined) throw resourceMissing('invoice', id, paramName);
  return upToDate(call.state, invoice);
};

/** @throws StripeError when the invoice is not a draft: its lines are fixed then. */
export const findEditable = (call: Call, id: string, paramName = 'id'): Stripe.Invoice => {
  const invoice = findInvoice(call, id, paramName);
  if (invoice.status === 'draft') return invoice;
  throw invalidRequest('Invalid invoice: This invoice is no longer editable', {
    code: 'invoice_not_editable',
    ...(paramName === 'id' ? {} : { param: paramName }),
  });
};
