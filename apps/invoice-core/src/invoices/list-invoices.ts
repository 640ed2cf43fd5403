import type { InvoicePage, ListInvoices } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import { conditionsOf } from './list-conditions.ts';
import { findRows } from './list-walks.ts';
import { toInvoices } from './read-invoices.ts';

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
  return {
    invoices: await toInvoices(store.read, rows),
    next: found.length > limit ? (rows.at(-1)?.public_id ?? null) : null,
  };
};
