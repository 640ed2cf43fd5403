import type { Deps } from '../deps.ts';
import { assertEnabled, readEndpointOfAccount } from './endpoint-rows.ts';
import { startOver, wake } from './outbox.ts';

/** How many deliveries are reset at once, so that no other writer waits for long. */
const batchSize = 500;

interface Walk {
  id: string;
  accountId: number;
  after: string;
}

/** @returns the public ids of the next deliveries that had failed, in their order */
const replayNext = (
  deps: Pick<Deps, 'store' | 'jobs' | 'clock'>,
  { id, accountId, after }: Walk,
): Promise<string[]> =>
  deps.store.write(async (tx) => {
    const endpoint = await readEndpointOfAccount(tx, { id, accountId });
    assertEnabled(endpoint);
    const failed = await tx
      .selectFrom('deliveries')
      .select('public_id')
      .where('endpoint_id', '=', endpoint.id)
      .where('state', '=', 'failed')
      .where('public_id', '>', after)
      .orderBy('public_id')
      .limit(batchSize)
      .execute();
    if (failed.length === 0) return [];
    const ids = failed.map(({ public_id }) => public_id);
    const now = deps.clock();
    await tx.updateTable('deliveries').set(startOver(now)).where('public_id', 'in', ids).execute();
    await wake(deps, tx, endpoint, now);
    return ids;
  });

/** Makes every delivery of an endpoint again that has failed. @returns how many */
export const replayFailed = async (
  deps: Pick<Deps, 'store' | 'jobs' | 'clock'>,
  endpoint: { id: string; accountId: number },
): Promise<number> => {
  let count = 0;
  let after: string | undefined = '';
  while (after !== undefined) {
    const ids: string[] = await replayNext(deps, { ...endpoint, after });
    count += ids.length;
    after = ids.at(-1);
  }
  return count;
};
