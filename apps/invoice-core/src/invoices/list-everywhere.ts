import type {
  FindEverywhere,
  InvoiceStatus,
  ListEverywhere,
  NumberedPage,
  OwnedInvoice,
} from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { Deps } from '../deps.ts';
import type { Schema } from '../store/schema.ts';
import { type InvoiceRow, toInvoice } from './invoice-rows.ts';
import { padded } from './list-padded.ts';
import { createdWithin } from './list-range.ts';
import { readProviderObjects } from './provider-objects.ts';

type Ids = SelectQueryBuilder<Schema, 'invoices', { public_id: string }>;

/** Invoices with their users, in the order of the rows. */
const withOwners = async (
  db: Kysely<Schema>,
  rows: readonly InvoiceRow[],
): Promise<OwnedInvoice[]> => {
  if (rows.length === 0) return [];
  const providerData = await readProviderObjects(db, rows);
  const users = await db
    .selectFrom('users')
    .select(['id', 'public_id as publicId', 'name'])
    .where('id', 'in', padded(rows.map((row) => row.user_id)))
    .execute();
  const byId = new Map(users.map(({ id, ...user }) => [id, user]));
  return rows.flatMap((row) => {
    const user = byId.get(row.user_id);
    return user ? [{ invoice: toInvoice(row, providerData(row)), user }] : [];
  });
};

/** Everything that is asked for but the statuses. */
const matching = (
  db: Kysely<Schema>,
  { flow, filter }: ListEverywhere,
  userId: number | undefined,
) => {
  const { from, below } = createdWithin(filter);
  return db
    .selectFrom('invoices')
    .where('flow', '=', flow)
    .where('provider_ref', 'is not', null)
    .where('public_id', '>=', from)
    .where('public_id', '<', below)
    .$if(userId !== undefined, (query) => query.where('user_id', '=', userId ?? 0));
};

/** The ids of a page. Each status is an index that is in order by itself, so each gives its first and they are merged. */
const idsOfPage = (
  db: Kysely<Schema>,
  query: ReturnType<typeof matching>,
  { statuses, page, limit }: { statuses: readonly InvoiceStatus[]; page: number; limit: number },
): Ids => {
  const offset = (page - 1) * limit;
  const newest = query.select('public_id').orderBy('public_id', 'desc');
  const [first, ...others] = statuses.map((status) =>
    newest.where('status', '=', status).limit(offset + limit),
  );
  if (!first) return newest.limit(limit).offset(offset);
  const merged = others.reduce(
    (all, one) => all.unionAll(db.selectFrom(one.as('invoices')).select('public_id')),
    db.selectFrom(first.as('invoices')).select('public_id'),
  );
  return db
    .selectFrom(merged.as('invoices'))
    .select('public_id')
    .orderBy('public_id', 'desc')
    .limit(limit)
    .offset(offset);
};

/** A numbered page of every account's invoices of a flow, newest first. */
export const listEverywhere = async (
  { store: { read } }: Pick<Deps, 'store'>,
  input: ListEverywhere,
): Promise<NumberedPage> => {
  const { statuses = [], userPublicId } = input.filter;
  const user =
    userPublicId === undefined
      ? undefined
      : await read
          .selectFrom('users')
          .select('id')
          .where('public_id', '=', userPublicId)
          .executeTakeFirst();
  if (userPublicId !== undefined && !user) return { invoices: [], count: 0 };

  const query = matching(read, input, user?.id);
  const { page, limit } = input;
  const ids = await idsOfPage(read, query, { statuses, page, limit }).execute();
  const counted = await query
    .$if(statuses.length > 0, (all) => all.where('status', 'in', statuses))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const rows =
    ids.length === 0
      ? []
      : await read
          .selectFrom('invoices')
          .selectAll()
          .where('public_id', 'in', padded(ids.map((row) => row.public_id)))
          .orderBy('public_id', 'desc')
          .execute();
  return { invoices: await withOwners(read, rows), count: Number(counted.count) };
};

/** @throws DomainError `not_found` */
export const findEverywhere = async (
  { store: { read } }: Pick<Deps, 'store'>,
  { flow, id }: FindEverywhere,
): Promise<OwnedInvoice> => {
  const invoices = read
    .selectFrom('invoices')
    .selectAll()
    .where('flow', '=', flow)
    .where('provider_ref', 'is not', null);
  const row = await (
    id.by === 'publicId'
      ? invoices.where('public_id', '=', id.publicId)
      : invoices.where('provider_ref', '=', id.ref)
  ).executeTakeFirst();
  const [owned] = await withOwners(read, row ? [row] : []);
  if (owned) return owned;
  throw new DomainError('not_found', `No invoice ${id.by === 'publicId' ? id.publicId : id.ref}`);
};
