import type { Deps } from '../deps.ts';
import type { Lease, RunAgain } from '../jobs/jobs.ts';
import type { Transaction } from '../store/store.ts';

/** How many deliveries are deleted at once, so that no other writer waits for long. */
const batchSize = 500;

/** @returns whether there may be more */
const deleteDeliveries = async (tx: Transaction, endpointId: number): Promise<boolean> => {
  const rows = await tx
    .selectFrom('deliveries')
    .select('id')
    .where('endpoint_id', '=', endpointId)
    .limit(batchSize)
    .execute();
  if (rows.length === 0) return false;
  const ids = rows.map(({ id }) => id);
  await tx.deleteFrom('attempts').where('delivery_id', 'in', ids).execute();
  await tx.deleteFrom('deliveries').where('id', 'in', ids).execute();
  return rows.length === batchSize;
};

/** Deletes a batch of what is left of an endpoint that was removed, and with the last one the endpoint itself. */
export const deleteRemoved = async (
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  { endpointId }: { endpointId: number },
  lease: Lease,
): Promise<RunAgain | undefined> => {
  const isMore = await store.write(async (tx) => {
    if (await deleteDeliveries(tx, endpointId)) return true;
    await tx.deleteFrom('endpoint_secrets').where('endpoint_id', '=', endpointId).execute();
    await tx.deleteFrom('endpoints').where('id', '=', endpointId).execute();
    await lease.settle(tx);
    return false;
  });
  return isMore ? { runAt: clock() } : undefined;
};
