import type { Stripe } from 'stripe';
import { invalidRequest } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { notCollecting } from './collection.ts';
import { findInvoice } from './find-invoice.ts';
import { emitInvoice, saveInvoice } from './save-invoice.ts';

/** A bad debt: no longer collected, but it may still be paid or voided. */
export const markUncollectible = (call: Call, _: object, id: string): Stripe.Invoice => {
  const invoice = findInvoice(call, id);
  if (invoice.status === 'uncollectible') {
    throw invalidRequest('This invoice has already been marked uncollectible.');
  }
  if (invoice.status !== 'open') {
    throw invalidRequest("You can only pass in open invoices. This invoice isn't open.");
  }
  const marked = saveInvoice(call, invoice, {
    ...invoice,
    ...notCollecting,
    status: 'uncollectible',
    status_transitions: { ...invoice.status_transitions, marked_uncollectible_at: call.now },
  });
  emitInvoice(call, 'invoice.marked_uncollectible', marked);
  return marked;
};
