import type { Deps } from '../deps.ts';
import type { Transaction } from '../store/store.ts';
import { givenUpAfterMs, longestSilenceMs, throttledUntil } from './delivery-schedule.ts';
import { disableEndpoint } from './disable-endpoint.ts';
import type { EndpointRow } from './endpoint-rows.ts';
import type { SentAttempt } from './send-attempt.ts';

export interface Outcome {
  endpoint: Pick<EndpointRow, 'id'>;
  sent: SentAttempt;
  /** What was called; null when nothing was. */
  url: string | null;
  /** UTC ms. */
  attemptedAt: number;
  now: number;
}

const httpGone = 410;

/** The endpoint while it is what was called: not moved, nor changed since the try began, say by being enabled again. */
const readAsCalled = (
  tx: Transaction,
  { endpoint, url, attemptedAt }: Outcome,
): Promise<Pick<EndpointRow, 'failing_since'> | undefined> =>
  tx
    .selectFrom('endpoints')
    .select('failing_since')
    .where('id', '=', endpoint.id)
    .where('url', '=', url)
    .where('updated_at', '<=', attemptedAt)
    .executeTakeFirst();

/** Whether an endpoint at which nothing arrives was tried since a time. What it was tried with has not arrived either. */
const wasTriedSince = async (
  tx: Transaction,
  { endpointId, since }: { endpointId: number; since: number },
): Promise<boolean> => {
  const ofEndpoint = tx
    .selectFrom('deliveries')
    .select('id')
    .where('endpoint_id', '=', endpointId)
    .limit(1);
  const pending = await ofEndpoint
    .where('state', '=', 'pending')
    .where('attempts', '>', 0)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('attempts')
          .select('attempts.id')
          .whereRef('delivery_id', '=', 'deliveries.id')
          .where('attempted_at', '>=', since),
      ),
    )
    .orderBy('next_attempt_at', 'desc')
    .executeTakeFirst();
  if (pending) return true;
  const givenUp = await ofEndpoint
    .where('state', '=', 'failed')
    .where('settled_at', '>=', since)
    .executeTakeFirst();
  return givenUp !== undefined;
};

/** Since when every try has failed, this one included. What failed before a long silence says nothing of today. */
const failingSince = async (
  tx: Transaction,
  { endpointId, before, now }: { endpointId: number; before: number | null; now: number },
): Promise<number> => {
  const since = now - longestSilenceMs;
  if (before === null) return now;
  if (before >= since) return before;
  return (await wasTriedSince(tx, { endpointId, since })) ? before : now;
};

const noteSuccess = (tx: Transaction, endpointId: number) =>
  tx
    .updateTable('endpoints')
    .set({ failing_since: null })
    .where('id', '=', endpointId)
    .where('failing_since', 'is not', null)
    .execute();

const noteFailure = async (
  deps: Pick<Deps, 'jobs'>,
  tx: Transaction,
  { endpoint: { id: endpointId }, sent, now }: Outcome,
  before: number | null,
): Promise<void> => {
  const { httpStatus, retryAfterMs } = sent;
  const throttled = throttledUntil({ httpStatus, retryAfterMs, now });
  const since = await failingSince(tx, { endpointId, before, now });
  await tx
    .updateTable('endpoints')
    .set({ failing_since: since, ...(throttled !== null && { throttled_until: throttled }) })
    .where('id', '=', endpointId)
    .execute();
  if (sent.result === 'rejected' && httpStatus === httpGone) {
    await disableEndpoint(deps, tx, { endpointId, reason: 'gone', now });
  } else if (now - since >= givenUpAfterMs) {
    await disableEndpoint(deps, tx, { endpointId, reason: 'failing', now });
  }
};

/** What follows for an endpoint from a try that is not stored yet. A late answer of what it was before changes nothing. */
export const noteOutcome = async (
  deps: Pick<Deps, 'jobs'>,
  tx: Transaction,
  outcome: Outcome,
): Promise<void> => {
  const called = await readAsCalled(tx, outcome);
  if (!called) return;
  if (outcome.sent.result === 'succeeded') await noteSuccess(tx, outcome.endpoint.id);
  else await noteFailure(deps, tx, outcome, called.failing_since);
};
