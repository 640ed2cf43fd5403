import type { Observation } from '@quittance/contracts';
import { Dispute, type StripeEvent } from '@quittance/contracts/stripe';
import { invalidInput } from '@quittance/rpc';
import { z } from 'zod';
import { isTaken } from './currencies.ts';
import { disputeFact } from './dispute-mapping.ts';
import { idOf } from './refs.ts';
import { isoTime } from './times.ts';

const InTakenCurrency = z.object({ currency: z.string().refine(isTaken) });

/**
 * What the event says about a dispute. Like a refund it carries nothing of ours, so every one is reported, by the
 * PaymentIntent or, where there is none, by the charge.
 */
export const disputeWebhookObservations = (event: StripeEvent, raw: string): Observation[] => {
  if (!InTakenCurrency.safeParse(event.data.object).success) return [];
  const dispute = Dispute.safeParse(event.data.object);
  if (!dispute.success) throw invalidInput(dispute.error);
  return [
    {
      evidenceId: event.id,
      ref: idOf(dispute.data.payment_intent) ?? idOf(dispute.data.charge) ?? null,
      occurredAt: isoTime(event.created),
      facts: [disputeFact(dispute.data)],
      providerData: null,
      raw,
    },
  ];
};
