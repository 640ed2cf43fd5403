import type { Kysely, Selectable } from 'kysely';
import type { Deps } from '../deps.ts';
import type { Schema } from '../store/schema.ts';
import type { Transaction } from '../store/store.ts';
import type { EndpointRow } from './endpoint-rows.ts';

export type DueDelivery = Pick<
  Selectable<Schema['deliveries']>,
  'id' | 'public_id' | 'position' | 'attempts' | 'tries' | 'invoice_id' | 'next_attempt_at'
>;

/** How many deliveries a run makes at most: then it is the turn of other endpoints. */
const sliceSize = 8;

/** How many deliveries a run looks at for those that are first of their invoices. */
const windowSize = 100;

const pendingOf = (db: Kysely<Schema>, endpointId: number) =>
  db
    .selectFrom('deliveries')
    .select(['id', 'public_id', 'position', 'attempts', 'tries', 'invoice_id', 'next_attempt_at'])
    .where('endpoint_id', '=', endpointId)
    .where('state', '=', 'pending');

const longestDue = (
  db: Kysely<Schema>,
  { endpointId, now, limit }: { endpointId: number; now: number; limit: number },
): Promise<DueDelivery[]> =>
  pendingOf(db, endpointId)
    .where('next_attempt_at', '<=', now)
    .orderBy('next_attempt_at')
    .orderBy('id')
    .limit(limit)
    .execute();

const firstOfInvoice = (
  db: Kysely<Schema>,
  { endpointId, invoiceId }: { endpointId: number; invoiceId: number },
): Promise<DueDelivery | undefined> =>
  pendingOf(db, endpointId)
    .where('invoice_id', '=', invoiceId)
    .orderBy('position')
    .limit(1)
    .executeTakeFirst();

/** Puts off what stands behind a delivery that is not due, so that it is not looked at again and again meanwhile. */
const putOff = async (
  { store }: Pick<Deps, 'store'>,
  endpointId: number,
  behind: readonly { id: number; until: number }[],
): Promise<void> => {
  if (behind.length === 0) return;
  await store.write(async (tx) => {
    const endpoint = await tx
      .selectFrom('endpoints')
      .select('ordered')
      .where('id', '=', endpointId)
      .executeTakeFirst();
    if (endpoint?.ordered !== 1) return;
    for (const { id, until } of behind) {
      await tx
        .updateTable('deliveries')
        .set({ next_attempt_at: until })
        .where('id', '=', id)
        .where('state', '=', 'pending')
        .execute();
    }
  });
};

/** Has the one that stood behind a delivery sent now, where it has not been tried itself. */
export const moveUp = async (
  tx: Transaction,
  { endpointId, invoiceId, now }: { endpointId: number; invoiceId: number; now: number },
): Promise<void> => {
  const next = await firstOfInvoice(tx, { endpointId, invoiceId });
  if (!next) return;
  await tx
    .updateTable('deliveries')
    .set({ next_attempt_at: now })
    .where('id', '=', next.id)
    .where('tries', '=', 0)
    .where('next_attempt_at', '>', now)
    .execute();
};

/** Has everything sent now that has not been tried itself: an endpoint without order has nothing wait for another. */
export const endWaiting = async (
  tx: Transaction,
  { endpointId, now }: { endpointId: number; now: number },
): Promise<void> => {
  await tx
    .updateTable('deliveries')
    .set({ next_attempt_at: now })
    .where('endpoint_id', '=', endpointId)
    .where('state', '=', 'pending')
    .where('tries', '=', 0)
    .where('next_attempt_at', '>', now)
    .execute();
};

/** What is due of invoices of which nothing earlier is pending. */
const firstsDue = async (
  deps: Pick<Deps, 'store'>,
  endpointId: number,
  now: number,
): Promise<DueDelivery[]> => {
  const { read } = deps.store;
  const firsts = new Map<number, DueDelivery>();
  const behind: { id: number; until: number }[] = [];
  for (const due of await longestDue(read, { endpointId, now, limit: windowSize })) {
    if (firsts.size === sliceSize) break;
    const invoiceId = due.invoice_id;
    const first =
      invoiceId === null ? due : ((await firstOfInvoice(read, { endpointId, invoiceId })) ?? due);
    const until = first.next_attempt_at ?? now;
    if (until <= now) firsts.set(first.id, first);
    else behind.push({ id: due.id, until });
  }
  await putOff(deps, endpointId, behind);
  return [...firsts.values()];
};

/** What is to be sent to an endpoint now, longest due first, up to a number. */
export const dueDeliveries = (
  deps: Pick<Deps, 'store'>,
  { id: endpointId, ordered }: Pick<EndpointRow, 'id' | 'ordered'>,
  now: number,
): Promise<DueDelivery[]> =>
  ordered === 1
    ? firstsDue(deps, endpointId, now)
    : longestDue(deps.store.read, { endpointId, now, limit: sliceSize });

/** When something is due to an endpoint next, UTC ms; null when nothing is pending. */
export const nextDueAt = async (
  { store }: Pick<Deps, 'store'>,
  endpointId: number,
): Promise<number | null> => {
  const next = await pendingOf(store.read, endpointId)
    .orderBy('next_attempt_at')
    .limit(1)
    .executeTakeFirst();
  return next?.next_attempt_at ?? null;
};
