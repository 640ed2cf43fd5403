import type { Stripe } from 'stripe';
import type { Call } from '../call.ts';

/** What the clock brings an invoice next. */
export interface AgendaEntry {
  /** Unix seconds. */
  dueAt: number;
  /** Where the client reached the sandbox, for the links that are made when there is no request. */
  origin: string;
  /** The merchant chose when the draft is finalized, so undelivered webhooks do not delay it. */
  onTime?: true;
}

/** When the clock has something to do for the invoice, in unix seconds. */
const dueTime = (invoice: Stripe.Invoice, now: number): number | undefined => {
  if (invoice.status === 'draft') return invoice.automatically_finalizes_at ?? undefined;
  if (invoice.status !== 'open') return undefined;
  if (invoice.next_payment_attempt !== null) return invoice.next_payment_attempt;
  return invoice.due_date !== null && invoice.due_date > now ? invoice.due_date : undefined;
};

/** Writes down what comes next for an invoice that was changed. */
export const planNext = (call: Call, invoice: Stripe.Invoice): void => {
  const { invoiceAgenda: agenda } = call.state;
  const before = agenda.get(invoice.id);
  const dueAt = dueTime(invoice, call.now);
  if (dueAt !== undefined) {
    agenda.put(invoice.id, { ...before, dueAt, origin: call.origin || (before?.origin ?? '') });
  } else if (before !== undefined) {
    agenda.delete(invoice.id);
  }
};

/** The merchant chose the time of finalization. */
export const keepTime = (call: Call, invoice: Stripe.Invoice): void => {
  const entry = call.state.invoiceAgenda.get(invoice.id);
  if (entry !== undefined) call.state.invoiceAgenda.put(invoice.id, { ...entry, onTime: true });
};
