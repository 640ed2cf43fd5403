import type { EvidenceSource, Observation, ProviderName } from '@quittance/contracts';
import { parseJson } from '@quittance/rpc';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Schema } from '../store/schema.ts';
import type { Transaction } from '../store/store.ts';

export interface Recorded {
  provider: ProviderName;
  observation: Observation;
  source: EvidenceSource;
  invoiceId: number | null;
  now: number;
}

/** The provider's id of something, and which of its ids it is. */
export interface ProviderRef {
  provider: ProviderName;
  ref: string;
}

interface Learned extends ProviderRef {
  invoiceId: number;
  now: number;
}

const Aliases = z.array(z.string());

/** The invoice that evidence under a ref is about. */
export const invoiceOfRef = async (
  db: Kysely<Schema>,
  { provider, ref }: ProviderRef,
): Promise<number | null> => {
  const invoice = await db
    .selectFrom('invoices')
    .select('id')
    .where('provider', '=', provider)
    .where('provider_ref', '=', ref)
    .executeTakeFirst();
  if (invoice) return invoice.id;
  const alias = await db
    .selectFrom('invoice_refs')
    .select('invoice_id')
    .where('provider', '=', provider)
    .where('ref', '=', ref)
    .executeTakeFirst();
  return alias?.invoice_id ?? null;
};

/** Gives an invoice the evidence that came under a ref, and under that evidence's aliases, before it was known as its. */
export const learnRef = async (
  tx: Transaction,
  { provider, ref, invoiceId, now }: Learned,
): Promise<void> => {
  const claimed = await tx
    .updateTable('observations')
    .set({ invoice_id: invoiceId, claimed_at: now })
    .where('provider', '=', provider)
    .where('ref', '=', ref)
    .where('invoice_id', 'is', null)
    .returning('aliases')
    .execute();
  for (const { aliases } of claimed) {
    if (aliases === null) continue;
    await learnAliases(tx, Aliases.parse(parseJson(aliases)), { provider, invoiceId, now });
  }
};

const learnAliases = async (
  tx: Transaction,
  aliases: readonly string[],
  { provider, invoiceId, now }: Omit<Learned, 'ref'>,
): Promise<void> => {
  for (const ref of aliases) {
    if ((await invoiceOfRef(tx, { provider, ref })) !== null) continue;
    await tx.insertInto('invoice_refs').values({ provider, ref, invoice_id: invoiceId }).execute();
    await learnRef(tx, { provider, ref, invoiceId, now });
  }
};

/** Stores a piece of evidence. @returns its id, or undefined when it was there already */
export const storeObservation = async (
  tx: Transaction,
  { provider, observation, source, invoiceId, now }: Recorded,
): Promise<number | undefined> => {
  const { aliases = [], foreign } = observation;
  const stored = await tx
    .insertInto('observations')
    .values({
      provider,
      evidence_id: observation.evidenceId,
      ref: observation.ref,
      aliases: aliases.length === 0 ? null : JSON.stringify(aliases),
      foreign_invoice: foreign ? JSON.stringify(foreign) : null,
      customer_ref: foreign?.customerRef ?? null,
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
  if (stored && invoiceId !== null) await learnAliases(tx, aliases, { provider, invoiceId, now });
  return stored?.id;
};
