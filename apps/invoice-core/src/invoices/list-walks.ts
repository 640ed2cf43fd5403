import { type Expression, expressionBuilder, sql, type SqlBool } from 'kysely';
import type { Schema } from '../store/schema.ts';
import type { InvoiceRow } from './invoice-rows.ts';
import type { Amounts, Conditions, List } from './list-conditions.ts';
import { padded } from './list-padded.ts';
import { areFew, byAmount, chooseList } from './list-probes.ts';
import { atMost, inIndexOrder, type Search, within } from './list-search.ts';

const eb = expressionBuilder<Schema, 'invoices'>();

/** All conditions but the list's own, on the row. */
const checksBeside = ({ lists, amounts }: Conditions, walked: List | null): Expression<SqlBool> =>
  eb.and([
    ...lists.filter((list) => list !== walked).map(({ check }) => check),
    ...(amounts ? [amounts.check] : []),
  ]);

/** Walks an account's invoices, all or those of a list, newest first. */
const walkInvoices = (
  search: Search,
  list: (List & { of: 'invoices' }) | null,
  count: number,
): Promise<InvoiceRow[]> => {
  const { part, newestFirst } = inIndexOrder(search, list?.same ?? []);
  return search.db
    .selectFrom('invoices')
    .selectAll()
    .where(part)
    .where(checksBeside(search.conditions, list))
    .orderBy(newestFirst)
    .limit(atMost(count))
    .execute();
};

/** Walks the invoices that have a word. SQLite keeps a cross join in the order that it is written in. */
const walkTerm = (
  { db, accountId, conditions }: Search,
  list: List & { of: 'terms' },
  count: number,
): Promise<InvoiceRow[]> =>
  db
    .selectFrom('invoice_terms as walked')
    .crossJoin('invoices')
    .selectAll('invoices')
    .where('walked.account_id', '=', accountId)
    .where('walked.term', '=', list.term)
    .where(within(conditions.range, sql.ref<string>('walked.public_id')))
    .where('invoices.public_id', '=', (walked) =>
      // Behind a function, so that the planner does not carry the range over to the invoices.
      walked.fn.coalesce('walked.public_id', sql.lit('')),
    )
    .where('invoices.account_id', '=', accountId)
    .where(checksBeside(conditions, list))
    .orderBy('walked.public_id', 'desc')
    .limit(atMost(count))
    .execute();

/** Takes the few invoices of a range of amounts, which are not ordered by time, and orders them here. */
const takeFewByAmount = async (
  search: Search,
  amounts: Amounts,
  count: number,
): Promise<InvoiceRow[]> => {
  const { db, accountId, conditions } = search;
  const matches = await byAmount(search, amounts)
    .select('public_id')
    .where(within(conditions.range, eb.fn.coalesce('invoices.public_id', sql.lit(''))))
    .where(checksBeside(conditions, null))
    .execute();
  const ids = matches.map((match) => match.public_id).toSorted();
  const newest = ids.toReversed().slice(0, count);
  if (newest.length === 0) return [];
  const rows = await db
    .selectFrom('invoices')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('public_id', 'in', padded(newest))
    .execute();
  return rows.toSorted((a, b) => (a.public_id < b.public_id ? 1 : -1));
};

/**
 * The first so many rows that are looked for, newest first.
 *
 * A single filter reads a page and no more, but for a range of amounts: it reads the entries of the index on time until
 * enough of them are in the range, unless few invoices at all are. A combination walks its sparsest list and checks
 * each row for the rest: at worst, when long lists have next to nothing in common, all of the sparsest one (about
 * 2 us a row).
 */
export const findRows = async (search: Search, count: number): Promise<InvoiceRow[]> => {
  const { list, short } = await chooseList(search);
  const { amounts } = search.conditions;
  if (amounts && !short && (await areFew(search, amounts))) {
    return takeFewByAmount(search, amounts, count);
  }
  return list?.of === 'terms' ? walkTerm(search, list, count) : walkInvoices(search, list, count);
};
