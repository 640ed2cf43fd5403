import type { Observation } from '@quittance/contracts';
import { Invoice, InvoicePayment, type StripeEvent } from '@quittance/contracts/stripe';
import { invalidInput } from '@quittance/rpc';
import { z } from 'zod';
import { isTaken } from './currencies.ts';
import { paymentFacts, payerOf } from './invoice-facts.ts';
import { invoiceEventObservation } from './invoice-mapping.ts';
import { progress } from './invoice-progress.ts';
import { idOf } from './refs.ts';
import { isoTime } from './times.ts';

/** A preview (`invoice.upcoming`) has no id, or one that is no invoice's. */
const Identified = z.object({ id: z.string().startsWith('in_') });

const Taken = z.object({ currency: z.string().refine(isTaken) });

/** Some versions show the draft as it was, others only that it is no more. */
const deletedObservation = (
  { id, created, data: { object } }: StripeEvent,
  ref: string,
  raw: string,
): Observation => ({
  evidenceId: id,
  ref,
  occurredAt: isoTime(created),
  facts: [progress('canceled', 'deleted')],
  providerData: Taken.safeParse(object).success ? JSON.stringify(object) : null,
  raw,
});

/** What an event of a Stripe invoice says, whoever made it. */
export const invoiceWebhookObservations = (event: StripeEvent, raw: string): Observation[] => {
  const { object } = event.data;
  const identified = Identified.safeParse(object);
  if (!identified.success) return [];
  if (event.type === 'invoice.deleted') return [deletedObservation(event, identified.data.id, raw)];
  if (!Taken.safeParse(object).success) return [];
  const invoice = Invoice.safeParse(object);
  if (!invoice.success) throw invalidInput(invoice.error);
  return [invoiceEventObservation(event, invoice.data, raw)];
};

/** That an invoice was paid, in whole or in part, and by what. */
export const invoicePaymentObservations = (event: StripeEvent, raw: string): Observation[] => {
  const { object } = event.data;
  if (event.type !== 'invoice_payment.paid' || !Taken.safeParse(object).success) return [];
  const payment = InvoicePayment.safeParse(object);
  if (!payment.success) throw invalidInput(payment.error);
  const facts = paymentFacts(payment.data);
  const ref = idOf(payment.data.invoice);
  const alias = payerOf(payment.data);
  if (facts.length === 0 || ref === undefined || alias === undefined) return [];
  return [
    {
      evidenceId: event.id,
      ref,
      aliases: [alias],
      occurredAt: isoTime(event.created),
      facts,
      providerData: null,
      raw,
    },
  ];
};
