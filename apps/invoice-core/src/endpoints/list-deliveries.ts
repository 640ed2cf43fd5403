import type {
  Attempt,
  Delivery,
  DeliveryOfCaller,
  DeliveryPage,
  ListDeliveries,
} from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Kysely } from 'kysely';
import type { Deps } from '../deps.ts';
import type { Schema } from '../store/schema.ts';
import { type DeliveryRow, toAttempt, toDelivery } from './delivery-rows.ts';
import { type EndpointRow, readEndpointOfAccount, removed } from './endpoint-rows.ts';

type Found = { row: DeliveryRow; endpoint: EndpointRow };

/** @throws DomainError `not_found` for none, for one of a removed endpoint, and for another account's alike */
export const readDeliveryOfAccount = async (
  db: Kysely<Schema>,
  { id, accountId }: { id: string; accountId: number },
): Promise<Found> => {
  const row = await db
    .selectFrom('deliveries')
    .selectAll()
    .where('public_id', '=', id)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  const endpoint =
    row &&
    (await db
      .selectFrom('endpoints')
      .selectAll()
      .where('id', '=', row.endpoint_id)
      .executeTakeFirst());
  if (row && endpoint && endpoint.disabled !== removed) return { row, endpoint };
  throw new DomainError('not_found', `No delivery ${id}`);
};

export const getDelivery = async (
  { store }: Pick<Deps, 'store'>,
  { caller, id }: DeliveryOfCaller,
): Promise<Delivery> => {
  const ofCaller = { id, accountId: caller.accountId };
  const { row, endpoint } = await readDeliveryOfAccount(store.read, ofCaller);
  return toDelivery(row, endpoint.public_id);
};

export const listAttempts = async (
  { store }: Pick<Deps, 'store'>,
  { caller, id }: DeliveryOfCaller,
): Promise<Attempt[]> => {
  const ofCaller = { id, accountId: caller.accountId };
  const { row } = await readDeliveryOfAccount(store.read, ofCaller);
  const attempts = await store.read
    .selectFrom('attempts')
    .selectAll()
    .where('delivery_id', '=', row.id)
    .orderBy('id')
    .execute();
  return attempts.map(toAttempt);
};

interface Shown {
  publicIds: Map<number, string>;
  /** Endpoints whose deliveries are still being deleted. */
  hidden: number[];
}

const readShown = async (db: Kysely<Schema>, accountId: number): Promise<Shown> => {
  const endpoints = await db
    .selectFrom('endpoints')
    .select(['id', 'public_id', 'disabled'])
    .where('account_id', '=', accountId)
    .execute();
  return {
    publicIds: new Map(endpoints.map(({ id, public_id }) => [id, public_id])),
    hidden: endpoints.flatMap(({ id, disabled }) => (disabled === removed ? [id] : [])),
  };
};

/** A page of an account's deliveries, newest first. */
export const listDeliveries = async (
  { store: { read } }: Pick<Deps, 'store'>,
  { caller: { accountId }, filter, after, limit }: ListDeliveries,
): Promise<DeliveryPage> => {
  const { endpointId, state, type, invoicePublicId } = filter;
  const { publicIds, hidden } = await readShown(read, accountId);
  let query = read.selectFrom('deliveries').selectAll().where('account_id', '=', accountId);
  if (endpointId !== undefined) {
    const param = 'endpointId';
    const endpoint = await readEndpointOfAccount(read, { id: endpointId, accountId, param });
    query = query.where('endpoint_id', '=', endpoint.id);
  }
  if (state !== undefined) query = query.where('state', '=', state);
  if (type !== undefined) query = query.where('type', '=', type);
  if (invoicePublicId !== undefined) query = query.where('invoice_public_id', '=', invoicePublicId);
  if (hidden.length > 0) query = query.where('endpoint_id', 'not in', hidden);
  if (after !== null) query = query.where('public_id', '<', after);
  // One more than asked for tells whether there is a next page.
  const found = await query
    .orderBy('public_id', 'desc')
    .limit(limit + 1)
    .execute();
  const rows = found.slice(0, limit);
  return {
    deliveries: rows.map((row) => toDelivery(row, publicIds.get(row.endpoint_id) ?? '')),
    next: found.length > limit ? `${rows.at(-1)?.public_id}` : null,
  };
};
