import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import type { EventRow } from '../invoices/event-rows.ts';
import { type About, formatOf, isTold } from './audience.ts';
import { assertEnabled, readEndpointOfAccount } from './endpoint-rows.ts';
import { makeMissingMessages, storeMessages } from './message-of-event.ts';
import { newDelivery, startOver, wake } from './outbox.ts';

/** How many events are looked at in one read, and how many deliveries made at once, so that others are not held up. */
const batchSize = { read: 1000, write: 200 };

/** UTC ms: since inclusive, until exclusive. */
interface Range {
  since: number;
  until: number;
}

interface OfAccount {
  id: string;
  accountId: number;
}

type Replayable = About &
  Pick<EventRow, 'account_id' | 'position' | 'type' | 'invoice_id' | 'invoice_public_id'>;

type DepsOfReplay = Pick<Deps, 'store' | 'jobs' | 'clock'>;

/** In the order of their positions, read after read: times need not grow with positions, since clocks are set. */
async function* eventsIn(
  { store }: DepsOfReplay,
  accountId: number,
  { since, until }: Range,
): AsyncGenerator<Replayable[]> {
  const { position: last } = await store.read
    .selectFrom('events')
    .select('position')
    .where('account_id', '=', accountId)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
    .then((row) => row ?? { position: 0 });
  let after = 0;
  while (after < last) {
    const events = await store.read
      .selectFrom('events')
      .leftJoin('invoices', 'invoices.id', 'events.invoice_id')
      .select(['events.account_id', 'position', 'type', 'invoice_id', 'invoice_public_id'])
      .select(['occurred_at', 'flow', 'project_id'])
      .where('events.account_id', '=', accountId)
      .where('position', '>', after)
      .where('position', '<=', last)
      .orderBy('position')
      .limit(batchSize.read)
      .execute();
    after = events.at(-1)?.position ?? last;
    yield events.filter(({ occurred_at: at }) => at >= since && at < until);
  }
}

const deliverAgain = async (
  deps: DepsOfReplay,
  ofAccount: OfAccount,
  events: readonly Replayable[],
): Promise<number> => {
  const { read, write } = deps.store;
  const asking = await readEndpointOfAccount(read, ofAccount);
  const wanted = events.filter((event) => isTold(asking, event));
  if (wanted.length === 0) return 0;
  // Made before the transaction, which others wait for: what an event says does not change any more.
  const positions = wanted.map(({ position }) => position);
  const messages = await makeMissingMessages(read, positions, formatOf(asking));
  return write(async (tx) => {
    const endpoint = await readEndpointOfAccount(tx, ofAccount);
    assertEnabled(endpoint);
    const now = deps.clock();
    await storeMessages(tx, messages);
    await tx
      .insertInto('deliveries')
      .values(wanted.map((event) => newDelivery(endpoint.id, event, now)))
      .onConflict((conflict) =>
        conflict.columns(['endpoint_id', 'position']).doUpdateSet(startOver(now)),
      )
      .execute();
    await wake(deps, tx, endpoint, now);
    return wanted.length;
  });
};

/**
 * Makes a delivery of every event of a time that an endpoint asks for: again where there was one, also of events from
 * before there was the endpoint. @returns how many
 */
export const replayRange = async (
  deps: DepsOfReplay,
  ofAccount: OfAccount,
  range: { since: string; until: string },
): Promise<number> => {
  const [since, until] = [Date.parse(range.since), Date.parse(range.until)];
  if (since >= until) {
    throw new DomainError('invalid_request', 'must be after since', { param: 'until' });
  }
  let count = 0;
  for await (const events of eventsIn(deps, ofAccount.accountId, { since, until })) {
    for (let start = 0; start < events.length; start += batchSize.write) {
      const batch = events.slice(start, start + batchSize.write);
      count += await deliverAgain(deps, ofAccount, batch);
    }
  }
  return count;
};
