import type { Stripe } from 'stripe';
import { invalidRequest } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { finalizeInvoice } from './finalize.ts';
import { findInvoice } from './find-invoice.ts';
import { emitInvoice } from './save-invoice.ts';

/** Sends an invoice to its customer, finalizing a draft first. No mail leaves the sandbox. */
export const sendInvoice = (call: Call, _: object, id: string): Stripe.Invoice => {
  const found = findInvoice(call, id);
  if (found.collection_method !== 'send_invoice') {
    throw invalidRequest(
      "You can only manually send an invoice if its collection method is 'send_invoice'.",
    );
  }
  if (found.status !== 'draft' && found.status !== 'open') {
    throw invalidRequest(
      'This invoice cannot be sent right now. Please contact us via https://support.stripe.com/contact with details, so we can help.',
    );
  }
  // Finalizing an invoice that advances by itself sends it.
  const sent = found.status === 'draft' && found.auto_advance === true;
  const invoice = found.status === 'draft' ? finalizeInvoice(call, found, undefined) : found;
  if (!sent) emitInvoice(call, 'invoice.sent', invoice);
  return invoice;
};
