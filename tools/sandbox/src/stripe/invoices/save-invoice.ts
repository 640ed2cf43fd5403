import type { Stripe } from 'stripe';
import { previousAttributes } from '../api/changes.ts';
import type { Call } from '../call.ts';
import { emit } from '../emit.ts';
import { planNext } from './agenda.ts';
import { presented } from './present.ts';

type InvoiceEvent = Exclude<
  Extract<Stripe.Event['type'], `invoice.${string}`>,
  'invoice.updated' | 'invoice.upcoming'
>;

/** Tells of an invoice as it is now. */
export const emitInvoice = (call: Call, type: InvoiceEvent, invoice: Stripe.Invoice): void =>
  emit(call, type, presented(call.state, invoice));

/** Records a changed invoice; `invoice.updated` tells what was different before. */
export const saveInvoice = (
  call: Call,
  before: Stripe.Invoice,
  after: Stripe.Invoice,
): Stripe.Invoice => {
  const shownBefore = presented(call.state, before);
  const shown = presented(call.state, after);
  call.state.invoices.put(after.id, after);
  planNext(call, after);
  const previous = previousAttributes(shownBefore, shown);
  if (previous !== undefined) emit(call, 'invoice.updated', shown, previous);
  return after;
};
