import type { Delivery, DeliveryOfCaller, Replayed, ReplayEndpoint } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import { formatOf } from './audience.ts';
import { toDelivery } from './delivery-rows.ts';
import { assertEnabled, readEndpointOfAccount } from './endpoint-rows.ts';
import { readDeliveryOfAccount } from './list-deliveries.ts';
import { makeMissingMessages, storeMessages } from './message-of-event.ts';
import { startOver, wake } from './outbox.ts';
import { replayFailed } from './replay-failed.ts';
import { replayRange } from './replay-range.ts';

/** Makes one delivery again, from the start of its schedule. */
export const replayDelivery = (
  deps: Pick<Deps, 'store' | 'jobs' | 'clock'>,
  { caller, id }: DeliveryOfCaller,
): Promise<Delivery> =>
  deps.store.write(async (tx) => {
    const ofCaller = { id, accountId: caller.accountId };
    const { row, endpoint } = await readDeliveryOfAccount(tx, ofCaller);
    assertEnabled(endpoint);
    const now = deps.clock();
    const again = await tx
      .updateTable('deliveries')
      .set(startOver(now))
      .where('id', '=', row.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await storeMessages(tx, await makeMissingMessages(tx, [row.position], formatOf(endpoint)));
    await wake(deps, tx, endpoint, now);
    return toDelivery(again, endpoint.public_id);
  });

/** Makes deliveries of an endpoint again, batch by batch: others write in between. */
export const replayEndpoint = async (
  deps: Pick<Deps, 'store' | 'jobs' | 'clock'>,
  { caller, id, what }: ReplayEndpoint,
): Promise<Replayed> => {
  const ofCaller = { id, accountId: caller.accountId };
  assertEnabled(await readEndpointOfAccount(deps.store.read, ofCaller));
  const deliveries =
    what.kind === 'failed'
      ? await replayFailed(deps, ofCaller)
      : await replayRange(deps, ofCaller, what);
  return { deliveries };
};
