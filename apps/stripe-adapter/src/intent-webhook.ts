import type { Fact, Observation } from '@quittance/contracts';
import { PaymentIntent, type StripeEvent } from '@quittance/contracts/stripe';
import { invalidInput } from '@quittance/rpc';
import { z } from 'zod';
import { isTaken } from './currencies.ts';
import { attemptOf } from './invoice-progress.ts';
import { paymentFacts, webhookObservation } from './mapping.ts';
import { idOf } from './refs.ts';
import { isoTime } from './times.ts';

/** Our PaymentIntents name the invoice, and are in a currency that we take. */
const OurIntent = z.object({
  metadata: z.object({ invoice_id: z.string().regex(/^[1-9]\d*$/) }),
  currency: z.string().refine(isTaken),
});

const invoiceId = z.string().startsWith('in_');

/** Where a PaymentIntent says that it pays a Stripe invoice. Versions since 2025-03-31.basil may say it nowhere. */
const OfInvoice = z.union([
  z.object({ invoice: z.union([invoiceId, z.object({ id: invoiceId })]) }),
  z.object({ payment_details: z.object({ order_reference: invoiceId }) }),
]);

const invoiceOf = (object: unknown): string | undefined => {
  const { data } = OfInvoice.safeParse(object);
  if (!data) return undefined;
  return 'invoice' in data ? idOf(data.invoice) : data.payment_details.order_reference;
};

/** What is canceled is the way to pay, not the invoice: how that stands is told by its own events. */
const factsForInvoice = (intent: PaymentIntent): Fact[] => {
  const attempt = attemptOf(intent);
  return [...(attempt ? [attempt] : []), ...paymentFacts(intent)];
};

/** The account's other PaymentIntents come here too, and need not even be readable. */
const ofInvoice = (event: StripeEvent, ref: string, raw: string): Observation[] => {
  const { data: intent } = PaymentIntent.safeParse(event.data.object);
  if (!intent || !isTaken(intent.currency)) return [];
  return [
    {
      evidenceId: event.id,
      ref,
      aliases: [intent.id],
      occurredAt: isoTime(event.created),
      facts: factsForInvoice(intent),
      providerData: null,
      raw,
    },
  ];
};

const ofOurs = (event: StripeEvent, raw: string): Observation[] => {
  if (!OurIntent.safeParse(event.data.object).success) return [];
  const intent = PaymentIntent.safeParse(event.data.object);
  if (!intent.success) throw invalidInput(intent.error);
  return [webhookObservation(event, intent.data, raw)];
};

/** What an event of a PaymentIntent says: of our own, or of the Stripe invoice that it pays. */
export const intentWebhookObservations = (event: StripeEvent, raw: string): Observation[] => {
  const ref = invoiceOf(event.data.object);
  return ref === undefined ? ofOurs(event, raw) : ofInvoice(event, ref, raw);
};
