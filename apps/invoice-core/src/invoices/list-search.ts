import { type Expression, expressionBuilder, type Kysely, sql, type SqlBool } from 'kysely';
import type { Schema } from '../store/schema.ts';
import type { Conditions, Same } from './list-conditions.ts';
import type { Range } from './list-range.ts';

/** What is looked for: the conditions, in one account. */
export interface Search {
  db: Kysely<Schema>;
  accountId: number;
  conditions: Conditions;
  /** How many of a list are looked at to know whether it is short, and which of several is the sparsest here. */
  probeDepth: number;
}

const eb = expressionBuilder<Schema, 'invoices'>();

export const within = ({ from, below }: Range, id: Expression<string>): Expression<SqlBool> =>
  eb.and([eb(id, '>=', from), eb(id, '<', below)]);

const tuple = (parts: readonly Expression<unknown>[]): Expression<unknown> =>
  sql`(${sql.join(parts)})`;

/**
 * The part of a list that is in the range, and the order of its index. Compared and ordered by whole keys, rather than
 * by public id among equals, only that index fits: a planner cannot take another, whatever its statistics say.
 */
export const inIndexOrder = (
  { accountId, conditions: { range } }: Pick<Search, 'accountId' | 'conditions'>,
  same: readonly Same[],
) => {
  const account = { column: 'account_id', value: accountId } as const;
  const whole = same.length === 0 ? [account] : same;
  const columns = [...whole.map(({ column }) => sql.ref(column)), sql.ref('public_id')];
  const key = tuple(columns);
  const keyAt = (id: string) =>
    tuple([...whole.map(({ value }) => value), id].map((value) => sql.val(value)));
  return {
    part: eb.and([
      ...(whole === same ? [eb('account_id', '=', accountId)] : []),
      sql<SqlBool>`${key} >= ${keyAt(range.from)}`,
      sql<SqlBool>`${key} < ${keyAt(range.below)}`,
    ]),
    newestFirst: sql.join(columns.map((column) => sql`${column} desc`)),
  };
};

// A limit is written out: with one that is bound, SQLite plans the query anew at each run.
export const atMost = (count: number) => sql.lit(count);
