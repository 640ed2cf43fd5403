import type { ForeignInvoice, Observation } from '@quittance/contracts';
import { Invoice, type StripeEvent } from '@quittance/contracts/stripe';
import { z } from 'zod';
import { fromStripeAmount } from './currencies.ts';
import { invoiceFacts, payerOf } from './invoice-facts.ts';
import { progress } from './invoice-progress.ts';
import type { Look } from './look.ts';
import { idOf } from './refs.ts';
import { isoTime } from './times.ts';

/** Metadata of what a hub made: the number of its invoice. */
export const HubMetadata = z.object({ invoice_id: z.string().regex(/^[1-9]\d*$/) });

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
  if (customerRef === undefined || HubMetadata.safeParse(invoice.metadata).success) {
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

/** The invoice as Stripe shows it to whoever asks for nothing more. */
const unexpanded = (object: object): object => {
  const { payments: _payments, ...rest } = { payments: undefined, ...object };
  return rest;
};

/** An invoice as Stripe returned it. */
export const seenInvoice = (object: object, look: Look): Observation => {
  const invoice = Invoice.parse(object);
  return {
    ...identityOf(invoice),
    evidenceId: `seen:${invoice.id}:${look.id}`,
    occurredAt: look.at,
    facts: invoiceFacts(invoice, { at: Date.parse(look.at) / 1000 }),
    providerData: JSON.stringify(unexpanded(object)),
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
