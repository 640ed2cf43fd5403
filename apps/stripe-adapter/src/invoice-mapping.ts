import type { ForeignInvoice, Observation } from '@quittance/contracts';
import { Invoice, type StripeEvent } from '@quittance/contracts/stripe';
import { z } from 'zod';
import { fromStripeAmount } from './currencies.ts';
import { invoiceFacts, payerOf } from './invoice-facts.ts';
import { progress } from './invoice-progress.ts';
import type { Look } from './look.ts';
import { idOf } from './refs.ts';
import { isoTime } from './times.ts';

/**
 * The metadata by which a Stripe invoice is known as a hub's: which of its invoices, in all hubs there are. A customer
 * can be several hubs', and people have invoice numbers of their own.
 */
export const hubField = 'quittance_invoice';

const OfHub = z.object({ [hubField]: z.string().min(1) });

/** The PaymentIntents and charges whose refunds and disputes are the invoice's. */
const aliasesOf = ({ payment_intent, charge, payments }: Invoice): string[] => [
  ...new Set(
    [idOf(payment_intent), idOf(charge), ...(payments?.data ?? []).map(payerOf)].filter(
      (id) => id !== undefined,
    ),
  ),
];

const foreignOf = (invoice: Invoice): ForeignInvoice | undefined => {
  const customerRef = idOf(invoice.customer);
  if (customerRef === undefined || OfHub.safeParse(invoice.metadata).success) {
    return undefined;
  }
  return {
    flow: 'stripe.invoice',
    customerRef,
    money: fromStripeAmount(invoice.amount_due, invoice.currency),
    description: invoice.description ?? null,
  };
};

/** Whose evidence it is, beside the invoice's own id. */
const identityOf = (invoice: Invoice): Pick<Observation, 'ref' | 'aliases' | 'foreign'> => {
  const aliases = aliasesOf(invoice);
  const foreign = foreignOf(invoice);
  return { ref: invoice.id, ...(aliases.length > 0 && { aliases }), ...(foreign && { foreign }) };
};

/** The invoice with its payments, whose PaymentIntents have secrets of their own, by id. */
const withoutIntents = (object: object, { payments }: Invoice): object => {
  if (!payments) return object;
  const data = payments.data.map((one) => {
    const intent = idOf(one.payment.payment_intent);
    return intent === undefined
      ? one
      : { ...one, payment: { ...one.payment, payment_intent: intent } };
  });
  return { ...object, payments: { ...payments, data } };
};

/** An invoice as Stripe returned it. */
export const seenInvoice = (object: object, look: Look): Observation => {
  const invoice = Invoice.parse(object);
  return {
    ...identityOf(invoice),
    evidenceId: `seen:${invoice.id}:${look.id}`,
    occurredAt: look.at,
    facts: invoiceFacts(invoice, { at: Date.parse(look.at) / 1000 }),
    providerData: JSON.stringify(withoutIntents(object, invoice)),
    raw: null,
  };
};

/** A draft that is no more; Stripe shows nothing of it. */
export const seenDeleted = (ref: string, occurredAt: string): Observation => ({
  evidenceId: `deleted:${ref}`,
  ref,
  occurredAt,
  facts: [progress('canceled', 'deleted')],
  providerData: null,
  raw: null,
});

export const invoiceEventObservation = (
  { id, type, created, data }: StripeEvent,
  invoice: Invoice,
  raw: string,
): Observation => ({
  ...identityOf(invoice),
  evidenceId: id,
  occurredAt: isoTime(created),
  facts: invoiceFacts(invoice, { at: created, event: type }),
  providerData: JSON.stringify(data.object),
  raw,
});
