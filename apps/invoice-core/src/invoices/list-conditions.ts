import type { InvoiceFilter } from '@quittance/contracts';
import { type Expression, expressionBuilder, sql, type SqlBool } from 'kysely';
import type { Schema } from '../store/schema.ts';
import { termsOf } from './description-terms.ts';
import { createdWithin, type Range } from './list-range.ts';

type Predicate = Expression<SqlBool>;

type Column = 'status' | 'provider' | 'user_id' | 'item_type' | 'item_id' | 'amount';

/** A column that has the same value in a whole list. */
export interface Same {
  column: Column;
  value: string | number;
}

interface Listed {
  /** That an invoice is in the list, of which no planner can know that there is an index for it. */
  check: Predicate;
}

/** An account's invoices that have something in common, in an index that keeps them newest first. */
export type List =
  | (Listed & { of: 'invoices'; same: readonly Same[] })
  | (Listed & { of: 'terms'; term: string });

/** Minor units, both inclusive. */
export interface Amounts {
  min: number;
  max: number;
  check: Predicate;
}

export interface Conditions {
  lists: List[];
  /** Amounts between two different ones are no list: they are not ordered by time. */
  amounts: Amounts | null;
  range: Range;
}

const eb = expressionBuilder<Schema, 'invoices'>();

/** A column's value behind a function, so that no index on it fits. */
const hidden = (column: Column, whenNull: string | number) =>
  eb.fn.coalesce(`invoices.${column}`, sql.lit(whenNull));

const listOf = (...same: readonly Same[]): List => ({
  of: 'invoices',
  same,
  check: eb.and(
    same.map(({ column, value }) =>
      eb(hidden(column, typeof value === 'number' ? 0 : ''), '=', value),
    ),
  ),
});

/** Counted rather than `exists`, which SQLite may turn into a join in an order of its own. */
const hasTerm = (accountId: number, term: string): Predicate =>
  eb(
    eb
      .selectFrom('invoice_terms')
      .select((terms) => terms.fn.countAll<number>().as('n'))
      .where('account_id', '=', accountId)
      .where('term', '=', term)
      .whereRef('invoice_terms.public_id', '=', 'invoices.public_id'),
    '=',
    1,
  );

const present = <T>(value: T | undefined | null): T[] =>
  value === undefined || value === null ? [] : [value];

const amountsOf = ({ minAmount, maxAmount }: InvoiceFilter): Amounts | null => {
  if (minAmount === undefined && maxAmount === undefined) return null;
  const [min, max] = [minAmount ?? 0, maxAmount ?? Number.MAX_SAFE_INTEGER];
  return { min, max, check: eb.between(hidden('amount', 0), min, max) };
};

/** What a filter asks for, as conditions on the rows of one account. Text without a word asks for nothing. */
export const conditionsOf = (
  accountId: number,
  filter: InvoiceFilter,
  after: string | null,
): Conditions => {
  const { text, item, userId, status, provider, minAmount, maxAmount } = filter;
  const oneAmount = minAmount !== undefined && minAmount === maxAmount;
  // Long words first: they are the rarer ones, and not all are probed.
  const terms = termsOf(text ?? '').toSorted((a, b) => b.length - a.length);
  return {
    lists: [
      ...(oneAmount ? [listOf({ column: 'amount', value: minAmount })] : []),
      ...present(item).map(({ type, id }) =>
        listOf({ column: 'item_type', value: type }, { column: 'item_id', value: id }),
      ),
      ...present(userId).map((value) => listOf({ column: 'user_id', value })),
      ...present(status).map((value) => listOf({ column: 'status', value })),
      ...present(provider).map((value) => listOf({ column: 'provider', value })),
      ...terms.map((term) => ({ of: 'terms', term, check: hasTerm(accountId, term) }) as const),
    ],
    amounts: oneAmount ? null : amountsOf(filter),
    range: createdWithin(filter, after),
  };
};
