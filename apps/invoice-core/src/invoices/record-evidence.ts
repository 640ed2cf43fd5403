import { Fact, Invoice, type Observation, type ProviderName } from '@quittance/contracts';
import { parseJson } from '@quittance/rpc';
import { z } from 'zod';
import type { Transaction } from '../store/store.ts';
import { appendEvents } from './append-events.ts';
import { byTime, type Evidence, standingOf } from './standing.ts';
import { eventsBetween } from './transitions.ts';

/** How a piece of evidence came to us. */
export type EvidenceSource = 'open' | 'find' | 'webhook';

const Facts = z.array(Fact);
const StoredStanding = Invoice.pick({
  status: true,
  exception: true,
  statusReason: true,
  received: true,
  refunded: true,
});

interface Recorded {
  provider: ProviderName;
  observation: Observation;
  source: EvidenceSource;
  invoiceId: number | null;
  now: number;
}

/** Stores a piece of evidence. @returns false when it was there already */
export const storeObservation = async (
  tx: Transaction,
  { provider, observation, source, invoiceId, now }: Recorded,
): Promise<boolean> => {
  const { numInsertedOrUpdatedRows } = await tx
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
    })
    .onConflict((conflict) => conflict.columns(['provider', 'evidence_id']).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
};

type StoredEvidence = Evidence & { id: number; hasObject: boolean };

const evidenceOf = async (tx: Transaction, invoiceId: number): Promise<StoredEvidence[]> => {
  const rows = await tx
    .selectFrom('observations')
    .select(['id', 'evidence_id as evidenceId', 'facts', 'occurred_at as occurredAt'])
    .select((eb) => eb('provider_data', 'is not', null).as('hasObject'))
    .where('invoice_id', '=', invoiceId)
    .execute();
  return rows.map((row) => ({
    ...row,
    hasObject: Boolean(row.hasObject),
    facts: Facts.parse(parseJson(row.facts)),
  }));
};

/**
 * Computes an invoice's standing anew from all its evidence and stores it with the events that this makes.
 * @param opening the provider's id of it, when this evidence is the first to tell it
 */
export const restate = async (
  tx: Transaction,
  { invoiceId, opening, now }: { invoiceId: number; opening?: string | null; now: number },
): Promise<void> => {
  const row = await tx
    .selectFrom('invoices')
    .selectAll()
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  const evidence = await evidenceOf(tx, invoiceId);
  const standing = standingOf({ amount: row.amount, currency: row.currency }, evidence);
  const providerRef = row.provider_ref ?? opening ?? null;
  const shown = evidence
    .filter(({ hasObject }) => hasObject)
    .toSorted(byTime)
    .at(-1);

  const before = StoredStanding.parse({ ...row, statusReason: row.status_reason });
  const types = eventsBetween(
    { ...before, opened: row.provider_ref !== null },
    { ...standing, opened: providerRef !== null },
  );
  const eventCount = await appendEvents(tx, row, { types, status: standing.status, now });
  const { numUpdatedRows } = await tx
    .updateTable('invoices')
    .set({
      status: standing.status,
      exception: standing.exception,
      status_reason: standing.statusReason,
      received: standing.received,
      refunded: standing.refunded,
      provider_ref: providerRef,
      observation_id: shown?.id ?? null,
      event_count: eventCount,
      updated_at: now,
      version: row.version + 1,
    })
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error(`Invoice ${row.id} changed under its writer`);
};

/** Gives an invoice the evidence that came under its provider's id before we knew that id. */
export const claimObservations = async (
  tx: Transaction,
  { provider, ref, invoiceId }: { provider: ProviderName; ref: string; invoiceId: number },
): Promise<void> => {
  await tx
    .updateTable('observations')
    .set({ invoice_id: invoiceId })
    .where('provider', '=', provider)
    .where('ref', '=', ref)
    .where('invoice_id', 'is', null)
    .execute();
};
