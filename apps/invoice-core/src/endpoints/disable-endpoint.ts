import type { DisabledReason } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import { endpointEventData } from '../invoices/event-rows.ts';
import type { Transaction } from '../store/store.ts';
import { announceEndpoint } from './outbox.ts';

const rules: Record<DisabledReason, string> = {
  by_hand: 'its owner disabled it',
  gone: 'it answered 410 Gone',
  failing: 'everything sent to it has failed for days',
};

/**
 * Sends an endpoint nothing more, and tells so in the feed and to the account's other endpoints. What is pending stays
 * so. One that is disabled already, or removed, stays as it is.
 */
export const disableEndpoint = async (
  deps: Pick<Deps, 'jobs'>,
  tx: Transaction,
  { endpointId, reason, now }: { endpointId: number; reason: DisabledReason; now: number },
): Promise<void> => {
  const endpoint = await tx
    .updateTable('endpoints')
    .set({ disabled: reason, updated_at: now })
    .where('id', '=', endpointId)
    .where('disabled', 'is', null)
    .returning(['account_id', 'public_id', 'url'])
    .executeTakeFirst();
  if (!endpoint) return;
  const { account_id: accountId, public_id, url } = endpoint;
  const events = await tx
    .insertInto('events')
    .values({
      account_id: accountId,
      type: 'endpoint.disabled',
      rule: rules[reason],
      data: endpointEventData({ endpointId: public_id, url, reason }),
      occurred_at: now,
    })
    .returningAll()
    .execute();
  await announceEndpoint(deps, tx, { accountId, events, now });
};
