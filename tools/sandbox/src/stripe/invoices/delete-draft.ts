import type { Stripe } from 'stripe';
import { invalidRequest } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { findInvoice } from './find-invoice.ts';
import { emitInvoice } from './save-invoice.ts';

/** Its items are not released: they stay with the invoice that is gone. */
export const deleteDraft = (call: Call, _: object, id: string): Stripe.DeletedInvoice => {
  const invoice = findInvoice(call, id);
  if (invoice.status !== 'draft') throw invalidRequest('You can only delete draft invoices.');
  emitInvoice(call, 'invoice.deleted', invoice);
  call.state.invoices.delete(id);
  call.state.invoiceAgenda.delete(id);
  return { id, object: 'invoice', deleted: true };
};
