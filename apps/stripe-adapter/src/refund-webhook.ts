import type { Observation } from '@quittance/contracts';
import { Refund, type StripeEvent } from '@quittance/contracts/stripe';
import { invalidInput } from '@quittance/rpc';
import { z } from 'zod';
import { isTaken } from './currencies.ts';
import { refundFact } from './refund-mapping.ts';
import { idOf } from './refs.ts';
import { isoTime } from './times.ts';

/** What a Refund and a Charge have in common: the payment they are about, and its currency. */
const OfPayment = z.object({
  payment_intent: z.union([z.string(), z.object({ id: z.string() })]),
  currency: z.string().refine(isTaken),
});

/** A Charge has its refunds only in old API versions. */
const ChargeWithRefunds = z.object({ refunds: z.object({ data: z.array(z.unknown()).min(1) }) });

const refundEvents = ['refund.created', 'refund.updated', 'refund.failed', 'charge.refund.updated'];

const refundsIn = ({ type, data }: StripeEvent): unknown[] => {
  if (refundEvents.includes(type)) return [data.object];
  const charge = ChargeWithRefunds.safeParse(data.object);
  return type === 'charge.refunded' && charge.success ? charge.data.refunds.data : [];
};

/**
 * What the event says about refunds. They carry nothing of ours, so every refund of a PaymentIntent is reported; the
 * core knows which it has opened.
 */
export const refundWebhookObservations = (event: StripeEvent, raw: string): Observation[] => {
  const refunds = refundsIn(event);
  const about = OfPayment.safeParse(event.data.object);
  if (refunds.length === 0 || !about.success) return [];
  const parsed = z.array(Refund).safeParse(refunds);
  if (!parsed.success) throw invalidInput(parsed.error);
  const { payment_intent: intent } = about.data;
  return [
    {
      evidenceId: event.id,
      ref: idOf(intent) ?? null,
      occurredAt: isoTime(event.created),
      facts: parsed.data.map(refundFact),
      providerData: null,
      raw,
    },
  ];
};
