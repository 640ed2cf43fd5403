import { RetrySchedule } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import type { Transaction } from '../store/store.ts';
import { nextTryAt } from './delivery-schedule.ts';
import { type DueDelivery, moveUp } from './due-deliveries.ts';
import type { EndpointRow } from './endpoint-rows.ts';
import { noteOutcome, type Outcome } from './note-outcome.ts';

export interface Recorded extends Outcome {
  endpoint: Pick<EndpointRow, 'id' | 'ordered' | 'retries'>;
  delivery: DueDelivery;
}

/** What comes of a delivery. One that was replayed while it was sent begins its schedule anew, unless it has arrived. */
const settlement = ({ endpoint, delivery, sent, now }: Recorded) => {
  const tries = delivery.tries + 1;
  const retries = RetrySchedule.parse(endpoint.retries);
  const next =
    sent.result === 'succeeded'
      ? null
      : nextTryAt({ retries, tries, random: Math.random(), now, retryAfterMs: sent.retryAfterMs });
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
  await noteOutcome(deps, tx, recorded);
  await insertAttempt(tx, recorded);
  await settleDelivery(tx, recorded);
};
