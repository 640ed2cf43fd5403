import type {
  FindEverywhere,
  ListEverywhere,
  NumberedPage,
  OwnedInvoice,
} from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Kysely } from 'kysely';
import type { Deps } from '../deps.ts';
import type { Schema } from '../store/schema.ts';
import { providerOfFlow } from './flow-providers.ts';
import type { InvoiceRow } from './invoice-rows.ts';
import { countEverywhere, idsEverywhere } from './list-everywhere-walks.ts';
import { padded } from './list-padded.ts';
import { createdWithin } from './list-range.ts';
import { toInvoices } from './read-invoices.ts';

/** Invoices with their users, in the order of the rows. */
const withOwners = async (
  db: Kysely<Schema>,
  rows: readonly InvoiceRow[],
): Promise<OwnedInvoice[]> => {
  if (rows.length === 0) return [];
  const invoices = await toInvoices(db, rows);
  const users = await db
    .selectFrom('users')
    .select(['id', 'public_id as publicId', 'name'])
    .where('id', 'in', padded(rows.map((row) => row.user_id)))
    .execute();
  const byId = new Map(users.map(({ id, ...user }) => [id, user]));
  return invoices.flatMap((invoice) => {
    const user = byId.get(invoice.userId);
    return user ? [{ invoice, user }] : [];
  });
};

/** A numbered page of every account's invoices of a flow, newest first. */
export const listEverywhere = async (
  { store: { read } }: Pick<Deps, 'store'>,
  { flow, filter, page, limit }: ListEverywhere,
  mergedUpTo?: number,
): Promise<NumberedPage> => {
  const { statuses = [], userPublicId } = filter;
  const user =
    userPublicId === undefined
      ? undefined
      : await read
          .selectFrom('users')
          .select('id')
          .where('public_id', '=', userPublicId)
          .executeTakeFirst();
  if (userPublicId !== undefined && !user) return { invoices: [], count: 0 };

  const wanted = {
    flow,
    statuses: [...new Set(statuses)],
    userId: user?.id ?? null,
    range: createdWithin(filter),
  };
  const count = await countEverywhere(read, wanted);
  const offset = (page - 1) * limit;
  if (offset >= count) return { invoices: [], count };
  const ids = await idsEverywhere(read, wanted, { offset, limit }, mergedUpTo);
  const rows = await read
    .selectFrom('invoices')
    .selectAll()
    .where('public_id', 'in', padded(ids))
    .orderBy('public_id', 'desc')
    .execute();
  return { invoices: await withOwners(read, rows), count };
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
      : invoices.where('provider', '=', providerOfFlow(flow)).where('provider_ref', '=', id.ref)
  ).executeTakeFirst();
  const [owned] = await withOwners(read, row ? [row] : []);
  if (owned) return owned;
  throw new DomainError('not_found', `No invoice ${id.by === 'publicId' ? id.publicId : id.ref}`);
};
