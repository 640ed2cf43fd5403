import { createHash } from 'node:crypto';
import { mostHints, type ProviderName } from '@quittance/contracts';
import type { Kysely } from 'kysely';
import type { Deps } from '../deps.ts';
import type { Schema } from '../store/schema.ts';
import type { Transaction } from '../store/store.ts';
import { type InvoiceRow, standingOfRow } from './invoice-rows.ts';
import { storeObservation } from './observations.ts';
import { pollSoon } from './poll-soon.ts';

/** A webhook that proves nothing is stored as evidence that says nothing. */
const noFacts = '[]';
const hintPrefix = 'hint:';

/** The least time between two looks at one invoice that webhooks give reason for, in ms. */
const hintedEveryMs = 30_000;

interface Hint {
  provider: ProviderName;
  ref: string;
  /** The provider's id of the payment that it tells of. */
  payment: string | null;
  invoice: InvoiceRow;
  /** The webhook's body, as it came. */
  body: string;
  now: number;
}

export interface KeptHint {
  id: number;
  body: string;
  /** UTC ms. */
  receivedAt: number;
}

/** One body about one thing is one hint, however often it comes. */
const evidenceIdOf = (about: string, body: string): string =>
  hintPrefix +
  createHash('sha256')
    .update(JSON.stringify([about, body]))
    .digest('hex');

/** The webhooks about an invoice that prove nothing by themselves, newest first. */
export const keptHints = async (db: Kysely<Schema>, invoiceId: number): Promise<KeptHint[]> => {
  const rows = await db
    .selectFrom('observations')
    .select(['id', 'raw', 'received_at'])
    .where('invoice_id', '=', invoiceId)
    .where('source', '=', 'webhook')
    .where('facts', '=', noFacts)
    .where('evidence_id', 'like', `${hintPrefix}%`)
    .orderBy('id', 'desc')
    .execute();
  return rows.map(({ id, raw, received_at }) => ({ id, body: raw ?? '', receivedAt: received_at }));
};

/** Nothing follows from what such a webhook says, so that no event refers to what is removed. */
const removeOldest = async (tx: Transaction, kept: readonly KeptHint[]): Promise<void> => {
  const oldest = kept.slice(mostHints).map(({ id }) => id);
  if (oldest.length === 0) return;
  await tx.deleteFrom('observations').where('id', 'in', oldest).execute();
};

/** Whether it tells of what is known: the invoice is settled, and by that payment. */
const tellsNothingNew = ({ invoice, payment }: Hint): boolean => {
  const { settled, payments } = standingOfRow(invoice);
  return settled && payments.some(({ ref }) => ref === payment);
};

/** When a hint has the provider asked, UTC ms: at once, if the one before and the last look are long enough ago. */
const lookAt = (
  { invoice, now }: Hint,
  before: Pick<KeptHint, 'receivedAt'> | undefined,
): number => {
  const earlier = [invoice.looked_at, before?.receivedAt].flatMap((time) => time ?? []);
  // Times ahead are from before the clock was set back.
  const past = earlier.filter((time) => time <= now);
  return Math.max(now, ...past.map((time) => time + hintedEveryMs));
};

interface Kept extends Pick<Hint, 'provider' | 'body' | 'now'> {
  /** The provider's id of the invoice, or the flow whose invoices it may be about. */
  about: string;
  ref: string | null;
  invoiceId: number | null;
}

/** Keeps a webhook that proves nothing. @returns undefined when it was there already */
export const keepHint = (
  tx: Transaction,
  { provider, about, ref, invoiceId, body, now }: Kept,
): Promise<number | undefined> => {
  const observation = {
    evidenceId: evidenceIdOf(about, body),
    ref,
    occurredAt: new Date(now).toISOString(),
    facts: [],
    providerData: null,
    raw: body,
  };
  return storeObservation(tx, { provider, observation, source: 'webhook', invoiceId, now });
};

/**
 * Keeps a webhook that proves nothing, the newest few of an invoice, and has the provider asked about that invoice.
 * Whoever knows the URL can send as many as they like, so they never have it asked more often than now and then.
 */
export const takeHint = async (
  deps: Pick<Deps, 'jobs'>,
  tx: Transaction,
  hint: Hint,
): Promise<void> => {
  const { ref, invoice } = hint;
  const invoiceId = invoice.id;
  const id = await keepHint(tx, { ...hint, about: ref, invoiceId });
  if (id === undefined) return;
  const kept = await keptHints(tx, invoiceId);
  await removeOldest(tx, kept);
  if (tellsNothingNew(hint)) return;
  const runAt = lookAt(hint, kept[1]);
  await pollSoon(deps, tx, { invoiceId, runAt });
};
