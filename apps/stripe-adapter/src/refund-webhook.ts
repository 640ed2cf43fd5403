import type { Observation } from '@quittance/contracts';
import { Refund, type StripeEvent } from '@quittance/contracts/stripe';
import { invalidInput } from '@quittance/rpc';
import { z } from 'zod';
import { isTaken } from './currencies.ts';
import { refundFact } from './refund-mapping.ts';
import { idOf } from './refs.ts';
import { isoTime } from './times.ts';

const expandable = z.union([z.string(), z.object({ id: z.string() })]).nullish();

/** What a Refund and a Charge have in common: the payment they are about, and its currency. */
const OfPayment = z.object({
  object: z.string(),
  id: z.string(),
  payment_intent: expandable,
  charge: expandable,
  currency: z.string().refine(isTaken),
});

/** The PaymentIntent or, where there is none, the charge. */
const refOf = ({ object, id, payment_intent, charge }: z.infer<typeof OfPayment>) =>
  idOf(payment_intent) ?? (object === 'charge' ? id : idOf(charge));

/** A Charge has its refunds only in old API versions. */
const ChargeWithRefunds = z.object({ refunds: z.object({ data: z.array(z.unknown()).min(1) }) });

const refundEvents = ['refund.created', 'refund.updated', 'refund.failed', 'charge.refund.updated'];

const refundsIn = ({ type, data }: StripeEvent): unknown[] => {
  if (refundEvents.includes(type)) return [data.object];
  const charge = ChargeWithRefunds.safeParse(data.object);
  return type === 'charge.refunded' && charge.success ? charge.data.refunds.data : [];
};

/**
 * What the event says about refunds. They carry nothing of ours, so every refund is reported; the core knows which
 * payments are its own.
 */
export const refundWebhookObservations = (event: StripeEvent, raw: string): Observation[] => {
  const refunds = refundsIn(event);
  const about = OfPayment.safeParse(event.data.object);
  const ref = about.success ? refOf(about.data) : undefined;
  if (refunds.length === 0 || ref === undefined) return [];
  const parsed = z.array(Refund).safeParse(refunds);
  if (!parsed.success) throw invalidInput(parsed.error);
  return [
    {
      evidenceId: event.id,
      ref,
      occurredAt: isoTime(event.created),
      facts: parsed.data.map(refundFact),
      providerData: null,
      raw,
    },
  ];
};
