import type { Endpoint, UpdateEndpoint } from '@quittance/contracts';
import type { Updateable } from 'kysely';
import type { Deps } from '../deps.ts';
import type { Schema } from '../store/schema.ts';
import { assertTellable, formatOf } from './audience.ts';
import { assertCallable } from './call-guard.ts';
import { disableEndpoint } from './disable-endpoint.ts';
import { endWaiting } from './due-deliveries.ts';
import {
  type EndpointRow,
  headerColumns,
  readEndpointOfAccount,
  toEndpoint,
} from './endpoint-rows.ts';
import { wake } from './outbox.ts';

const termColumns = (
  deps: Deps,
  { url, description, eventTypes, headers, ordered, retries }: UpdateEndpoint,
): Updateable<Schema['endpoints']> => ({
  ...(url !== undefined && { url }),
  ...(description !== undefined && { description }),
  ...(eventTypes !== undefined && { event_types: eventTypes && JSON.stringify(eventTypes) }),
  ...(headers !== undefined && headerColumns(deps, headers)),
  ...(ordered !== undefined && { ordered: Number(ordered) }),
  ...(retries !== undefined && { retries }),
});

/** How an address has answered says nothing about another, nor about what its owner has mended. */
const anew = { failing_since: null, throttled_until: null };

/**
 * Changes what is given. An endpoint that is enabled again gets what is still pending; what happened while it was
 * disabled can be replayed.
 */
export const updateEndpoint = (deps: Deps, input: UpdateEndpoint): Promise<Endpoint> =>
  deps.store.write(async (tx) => {
    const { caller, id, url, eventTypes, enabled } = input;
    const ofCaller = { id, accountId: caller.accountId };
    const before = await readEndpointOfAccount(tx, ofCaller);
    if (url !== undefined) assertCallable(deps, url);
    assertTellable(formatOf(before), eventTypes);
    const now = deps.clock();
    const isMoved = url !== undefined && url !== before.url;
    const isEnabled = enabled === true && before.disabled !== null;
    const changed: EndpointRow = await tx
      .updateTable('endpoints')
      .set({
        ...termColumns(deps, input),
        ...((isMoved || isEnabled) && anew),
        ...(isEnabled && { disabled: null }),
        updated_at: now,
      })
      .where('id', '=', before.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    if (enabled === false) {
      await disableEndpoint(deps, tx, { endpointId: before.id, reason: 'by_hand', now });
    }
    const isUnordered = before.ordered === 1 && changed.ordered === 0;
    if (isUnordered) await endWaiting(tx, { endpointId: before.id, now });
    if (isMoved || isEnabled || isUnordered) await wake(deps, tx, changed, now);
    return toEndpoint(await readEndpointOfAccount(tx, ofCaller));
  });
