import { sql } from 'kysely';
import type { Amounts, List } from './list-conditions.ts';
import { atMost, inIndexOrder, type Search, within } from './list-search.ts';

/** How many lists are compared. */
const maxProbes = 8;

/** The last of a list's next ids in the range, as deep as is probed, or undefined when it has fewer. */
const probeList = async (search: Search, list: List): Promise<string | undefined> => {
  const { db, accountId, conditions, probeDepth } = search;
  if (list.of === 'terms') {
    const last = await db
      .selectFrom('invoice_terms')
      .select('public_id')
      .where('account_id', '=', accountId)
      .where('term', '=', list.term)
      .where(within(conditions.range, sql.ref<string>('invoice_terms.public_id')))
      .orderBy('public_id', 'desc')
      .limit(atMost(1))
      .offset(sql.lit(probeDepth - 1))
      .executeTakeFirst();
    return last?.public_id;
  }
  const { part, newestFirst } = inIndexOrder(search, list.same);
  const last = await db
    .selectFrom('invoices')
    .select('public_id')
    .where(part)
    .orderBy(newestFirst)
    .limit(atMost(1))
    .offset(sql.lit(probeDepth - 1))
    .executeTakeFirst();
  return last?.public_id;
};

/** The invoices of a range of amounts, by the index on amounts, which this order pins. */
export const byAmount = ({ db, accountId }: Search, { min, max }: Amounts) =>
  db
    .selectFrom('invoices')
    .where('account_id', '=', accountId)
    .where('amount', '>=', min)
    .where('amount', '<=', max)
    .orderBy('amount');

/** Whether a range of amounts has fewer invoices, of all times, than are probed. */
export const areFew = async (search: Search, amounts: Amounts): Promise<boolean> => {
  const last = await byAmount(search, amounts)
    .select('amount')
    .limit(atMost(1))
    .offset(sql.lit(search.probeDepth - 1))
    .executeTakeFirst();
  return last === undefined;
};

/** The list whose next ids reach back the furthest: the fewest rows are read before a page is full. */
export const chooseList = async (
  search: Search,
): Promise<{ list: List | null; short: boolean }> => {
  const [first, ...others] = search.conditions.lists.slice(0, maxProbes);
  if (!first) return { list: null, short: false };
  if (others.length === 0 && !search.conditions.amounts) return { list: first, short: false };
  let best: { list: List; end: string } | undefined;
  for (const list of [first, ...others]) {
    const end = await probeList(search, list);
    if (end === undefined) return { list, short: true };
    if (!best || end < best.end) best = { list, end };
  }
  return { list: best?.list ?? null, short: false };
};
