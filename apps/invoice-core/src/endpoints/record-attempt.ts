import type { Deps } from '../deps.ts';
import type { Transaction } from '../store/store.ts';
import { givenUpAfterMs, nextTryAt, throttledUntil } from './delivery-schedule.ts';
import { disableEndpoint } from './disable-endpoint.ts';
import { type DueDelivery, moveUp } from './due-deliveries.ts';
import type { EndpointRow } from './endpoint-rows.ts';
import type { SentAttempt } from './send-attempt.ts';

export interface Recorded {
  endpoint: Pick<EndpointRow, 'id' | 'ordered'>;
  delivery: DueDelivery;
  sent: SentAttempt;
  /** UTC ms. */
  attemptedAt: number;
  now: number;
}

const httpGone = 410;

/** What comes of a delivery. One that was replayed while it was sent begins its schedule anew, unless it has arrived. */
const settlement = ({ delivery, sent, now }: Recorded) => {
  const tries = delivery.tries + 1;
  const next =
    sent.result === 'succeeded'
      ? null
      : nextTryAt({ tries, random: Math.random(), now, retryAfterMs: sent.retryAfterMs });
  if (next !== null) return { tries, next_attempt_at: next };
  const state = sent.result === 'succeeded' ? 'succeeded' : 'failed';
  return { tries, state, next_attempt_at: null, settled_at: now };
};

const insertAttempt = (tx: Transaction, { delivery, sent, attemptedAt }: Recorded) =>
  tx
    .insertInto('attempts')
    .values({
      delivery_id: delivery.id,
      attempted_at: attemptedAt,
      duration_ms: sent.durationMs,
      result: sent.result,
      http_status: sent.httpStatus,
      response_headers: JSON.stringify(sent.responseHeaders),
      response_body: sent.responseBody,
      error: sent.error,
    })
    .execute();

const settleDelivery = async (tx: Transaction, recorded: Recorded): Promise<void> => {
  const { endpoint, delivery, sent, now } = recorded;
  const settled = settlement(recorded);
  await tx
    .updateTable('deliveries')
    .set(settled)
    .where('id', '=', delivery.id)
    .where('state', '=', 'pending')
    .$if(sent.result !== 'succeeded', (query) => query.where('tries', '=', delivery.tries))
    .execute();
  const { invoice_id: invoiceId } = delivery;
  if (endpoint.ordered === 1 && invoiceId !== null && settled.next_attempt_at === null) {
    await moveUp(tx, { endpointId: endpoint.id, invoiceId, now });
  }
};

const noteSuccess = (tx: Transaction, { endpoint }: Recorded) =>
  tx
    .updateTable('endpoints')
    .set({ failing_since: null })
    .where('id', '=', endpoint.id)
    .where('failing_since', 'is not', null)
    .execute();

const noteFailure = async (
  deps: Pick<Deps, 'jobs'>,
  tx: Transaction,
  { endpoint: { id: endpointId }, sent, now }: Recorded,
): Promise<void> => {
  const { httpStatus, retryAfterMs } = sent;
  const throttled = throttledUntil({ httpStatus, retryAfterMs, now });
  const { failing_since: since } = await tx
    .updateTable('endpoints')
    .set((eb) => ({
      failing_since: eb.fn.coalesce('failing_since', eb.val(now)),
      ...(throttled !== null && { throttled_until: throttled }),
    }))
    .where('id', '=', endpointId)
    .returning('failing_since')
    .executeTakeFirstOrThrow();
  if (sent.result === 'rejected' && httpStatus === httpGone) {
    await disableEndpoint(deps, tx, { endpointId, reason: 'gone', now });
  } else if (since !== null && now - since >= givenUpAfterMs) {
    await disableEndpoint(deps, tx, { endpointId, reason: 'failing', now });
  }
};

/** Stores a try and all that follows from it. Of a delivery that was removed meanwhile nothing is left to store. */
export const recordAttempt = async (
  deps: Pick<Deps, 'jobs'>,
  tx: Transaction,
  recorded: Recorded,
): Promise<void> => {
  const { numUpdatedRows } = await tx
    .updateTable('deliveries')
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('id', '=', recorded.delivery.id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  await insertAttempt(tx, recorded);
  await settleDelivery(tx, recorded);
  if (recorded.sent.result === 'succeeded') await noteSuccess(tx, recorded);
  else await noteFailure(deps, tx, recorded);
};
