import type { InvoicePage, ListInvoices } from '@quittance/contracts';
import type { Kysely } from 'kysely';
import type { Deps } from '../deps.ts';
import type { Schema } from '../store/schema.ts';
import { type InvoiceRow, toInvoice } from './invoice-rows.ts';
import { conditionsOf } from './list-conditions.ts';
import { padded } from './list-padded.ts';
import { findRows } from './list-walks.ts';

const readProviderObjects = async (
  db: Kysely<Schema>,
  rows: readonly InvoiceRow[],
): Promise<ReadonlyMap<number, string | null>> => {
  const ids = rows.flatMap((row) => row.observation_id ?? []);
  if (ids.length === 0) return new Map();
  const objects = await db
    .selectFrom('observations')
    .select(['id', 'provider_data'])
    .where('id', 'in', padded(ids))
    .execute();
  return new Map(objects.map((object) => [object.id, object.provider_data]));
};

/** Rows: what an index walks in well under a millisecond. */
const defaultProbeDepth = 1000;

/**
 * A page of an account's invoices, newest first. Pages neither skip nor repeat; what is created after the first page
 * is not in the later ones.
 */
export const listInvoices = async (
  { store }: Pick<Deps, 'store'>,
  { caller: { accountId }, filter, after, limit }: ListInvoices,
  probeDepth = defaultProbeDepth,
): Promise<InvoicePage> => {
  const conditions = conditionsOf(accountId, filter, after);
  // One more than asked for tells whether there is a next page.
  const found = await findRows({ db: store.read, accountId, conditions, probeDepth }, limit + 1);
  const rows = found.slice(0, limit);
  const objects = await readProviderObjects(store.read, rows);
  const providerData = ({ observation_id: id }: InvoiceRow): string | null =>
    id === null ? null : (objects.get(id) ?? null);
  return {
    invoices: rows.map((row) => toInvoice(row, providerData(row))),
    next: found.length > limit ? (rows.at(-1)?.public_id ?? null) : null,
  };
};
