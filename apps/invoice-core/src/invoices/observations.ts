import type { Observation, ProviderName } from '@quittance/contracts';
import type { Transaction } from '../store/store.ts';

/** How a piece of evidence came to us. */
export type EvidenceSource = 'open' | 'find' | 'webhook' | 'cancel' | 'refund';

export interface Recorded {
  provider: ProviderName;
  observation: Observation;
  source: EvidenceSource;
  invoiceId: number | null;
  now: number;
}

/** Stores a piece of evidence. @returns its id, or undefined when it was there already */
export const storeObservation = async (
  tx: Transaction,
  { provider, observation, source, invoiceId, now }: Recorded,
): Promise<number | undefined> => {
  const stored = await tx
    .insertInto('observations')
    .values({
      provider,
      evidence_id: observation.evidenceId,
      ref: observation.ref,
      invoice_id: invoiceId,
      source,
      facts: JSON.stringify(observation.facts),
      provider_data: observation.providerData,
      raw: observation.raw,
      occurred_at: Date.parse(observation.occurredAt),
      received_at: now,
      claimed_at: invoiceId === null ? null : now,
    })
    .onConflict((conflict) => conflict.columns(['provider', 'evidence_id']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return stored?.id;
};

/** Gives an invoice the evidence that came under its provider's id before we knew that id. */
export const claimObservations = async (
  tx: Transaction,
  {
    provider,
    ref,
    invoiceId,
    now,
  }: { provider: ProviderName; ref: string; invoiceId: number; now: number },
): Promise<void> => {
  await tx
    .updateTable('observations')
    .set({ invoice_id: invoiceId, claimed_at: now })
    .where('provider', '=', provider)
    .where('ref', '=', ref)
    .where('invoice_id', 'is', null)
    .execute();
};
