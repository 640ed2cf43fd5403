import type { Flow, InvoiceStatus } from '@quittance/contracts';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../store/schema.ts';
import type { Range } from './list-range.ts';

/** Which of every account's invoices: those of a flow that their provider has. */
export interface Everywhere {
  flow: Flow;
  /** Any of these; none for any at all. */
  statuses: readonly InvoiceStatus[];
  /** Null for everyone's. */
  userId: number | null;
  range: Range;
}

/** What an index keeps newest first: the invoices of a status, or of a user, or all. */
interface List {
  status?: InvoiceStatus;
  userId?: number;
}

/**
 * The invoices of a list, newest first. Ordered, also where that is not asked for, it is walked by the index made for it
 * whatever a planner's statistics say.
 */
const walk = (db: Kysely<Schema>, { flow, statuses, range }: Everywhere, list: List) => {
  const { status, userId } = list;
  const all = db
    .selectFrom('invoices')
    .where('flow', '=', flow)
    .where('provider_ref', 'is not', null)
    .where('public_id', '>=', range.from)
    .where('public_id', '<', range.below)
    .orderBy('public_id', 'desc');
  if (status !== undefined) return all.where('status', '=', status);
  const ofUser = userId === undefined ? all : all.where('user_id', '=', userId);
  return statuses.length === 0
    ? ofUser
    : // Behind a function, so that no index on statuses fits.
      ofUser.where((eb) => eb(eb.fn.coalesce('status', sql.lit('')), 'in', statuses));
};

/** One list that has all of them, beside others where there are statuses. */
const mixed = ({ userId }: Everywhere): List => (userId === null ? {} : { userId });

/** The lists that have all of them and no others. */
const exact = (wanted: Everywhere): List[] => {
  const { statuses, userId } = wanted;
  return statuses.length === 0 || userId !== null
    ? [mixed(wanted)]
    : statuses.map((status) => ({ status }));
};

/** A limit keeps the order, and so the index, of what is counted. */
const noLimit = Number.MAX_SAFE_INTEGER;

export const countEverywhere = async (db: Kysely<Schema>, wanted: Everywhere): Promise<number> => {
  let sum = 0;
  for (const list of exact(wanted)) {
    const { count } = await db
      .selectFrom(walk(db, wanted, list).select(sql.lit(1).as('one')).limit(noLimit).as('walked'))
      .select((eb) => eb.fn.countAll<number | string>().as('count'))
      .executeTakeFirstOrThrow();
    sum += Number(count);
  }
  return sum;
};

/** Ids up to which several lists are merged; behind them, a walk of all invoices costs less than the merging. */
const maxMerged = 1000;

/** The public ids of a page, newest first. */
export const idsEverywhere = async (
  db: Kysely<Schema>,
  wanted: Everywhere,
  { offset, limit }: { offset: number; limit: number },
  mergedUpTo = maxMerged,
): Promise<string[]> => {
  const idsOf = async (list: List, from: number, count: number): Promise<string[]> => {
    const rows = await walk(db, wanted, list)
      .select('public_id')
      .limit(count)
      .offset(from)
      .execute();
    return rows.map((row) => row.public_id);
  };
  const [first = {}, ...others] = exact(wanted);
  if (others.length === 0) return idsOf(first, offset, limit);
  const end = offset + limit;
  if (end > mergedUpTo) return idsOf(mixed(wanted), offset, limit);
  const merged: string[] = [];
  for (const list of [first, ...others]) merged.push(...(await idsOf(list, 0, end)));
  return merged.toSorted().toReversed().slice(offset, end);
};
