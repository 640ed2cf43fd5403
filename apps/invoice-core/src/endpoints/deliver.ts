import type { WebhookFormat } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import type { Lease, RunAgain } from '../jobs/jobs.ts';
import { formatOf } from './audience.ts';
import { throttledUntil } from './delivery-schedule.ts';
import { type DueDelivery, dueDeliveries, nextDueAt } from './due-deliveries.ts';
import { type EndpointRow, readHeaders } from './endpoint-rows.ts';
import { logAttempt } from './log-attempt.ts';
import { messageOfEvent, webhookIdOf } from './message-of-event.ts';
import { recordAttempt } from './record-attempt.ts';
import { sendAttempt, type SentAttempt } from './send-attempt.ts';
import { readSigningSecrets } from './signing-secrets.ts';

/** How many deliveries an endpoint gets at the same time; one of which nothing has arrived lately gets one. */
const atOnce = 4;

const readEndpoint = (
  { store }: Pick<Deps, 'store'>,
  endpointId: number,
): Promise<EndpointRow | undefined> =>
  store.read.selectFrom('endpoints').selectAll().where('id', '=', endpointId).executeTakeFirst();

/** An endpoint as it is now, while it may be called. */
const readCallable = async (
  deps: Pick<Deps, 'store' | 'clock'>,
  endpointId: number,
): Promise<EndpointRow | undefined> => {
  const endpoint = await readEndpoint(deps, endpointId);
  const now = deps.clock();
  const isCallable = endpoint?.disabled === null && (endpoint.throttled_until ?? now) <= now;
  return isCallable ? endpoint : undefined;
};

/** What comes of a delivery of which there is nothing to send. */
const unmade: SentAttempt = {
  result: 'refused',
  durationMs: 0,
  httpStatus: null,
  responseHeaders: {},
  responseBody: null,
  error: 'The message cannot be made',
  retryAfterMs: null,
};

/** @returns null for an event of which no message can be made: that is no fault of the endpoint, which gets the others */
const bodyOf = async (
  deps: Deps,
  delivery: DueDelivery,
  format: WebhookFormat,
): Promise<string | null> => {
  const { position } = delivery;
  try {
    return (await messageOfEvent(deps.store.read, { position, format })).body;
  } catch (error) {
    deps.log.error({ deliveryId: delivery.public_id, err: error }, 'webhook could not be made');
    return null;
  }
};

interface Made {
  delivery: DueDelivery;
  /** Null when it cannot be made. */
  body: string | null;
}

/**
 * Sends one delivery to its endpoint as that is now. What came of it and what follows is one transaction: cut off
 * before it, it is sent again.
 * @returns nothing when the endpoint may no longer be called
 */
const deliver = async (
  deps: Deps,
  endpointId: number,
  { delivery, body }: Made,
): Promise<SentAttempt | undefined> => {
  const webhookId = webhookIdOf(delivery.position);
  const attemptedAt = deps.clock();
  const endpoint = await readCallable(deps, endpointId);
  if (!endpoint) return undefined;
  const { url } = endpoint;
  const format = formatOf(endpoint);
  const secrets = await readSigningSecrets(deps.store.read, deps, endpointId, attemptedAt);
  const headers = readHeaders(deps, endpoint);
  const sent =
    body === null
      ? unmade
      : await sendAttempt(deps.sender, { url, webhookId, body, format, secrets, headers });
  const calledUrl = body === null ? null : url;
  const recorded = { endpoint, delivery, sent, url: calledUrl, attemptedAt, now: deps.clock() };
  await deps.store.write((tx) => recordAttempt(deps, tx, recorded));
  deps.deliveryMetrics.observe(sent.result, sent.durationMs);
  logAttempt(deps, {
    deliveryId: delivery.public_id,
    endpointId: endpoint.public_id,
    webhookId,
    attempt: delivery.attempts + 1,
    sent,
  });
  return sent;
};

/** Whether there is no use in sending an endpoint more of the same for now. */
const saysStop = (sent: SentAttempt, now: number): boolean =>
  (sent !== unmade && sent.result !== 'succeeded' && sent.result !== 'rejected') ||
  sent.httpStatus === 410 ||
  throttledUntil({ ...sent, now }) !== null;

const sendSlice = async (
  deps: Deps,
  endpoint: EndpointRow,
  { due, lease }: { due: DueDelivery[]; lease: Lease },
): Promise<void> => {
  const waiting = due.values();
  let isStopped = false;
  const sendOneAfterTheOther = async (): Promise<void> => {
    for (const delivery of waiting) {
      const body = await bodyOf(deps, delivery, formatOf(endpoint));
      const sent = await deliver(deps, endpoint.id, { delivery, body });
      const hasTime = deps.clock() + deps.sender.timeoutMs < lease.until;
      if (!sent || saysStop(sent, deps.clock()) || !hasTime) isStopped = true;
      if (isStopped) return;
    }
  };
  const length = endpoint.failing_since === null ? atOnce : 1;
  const ended = await Promise.allSettled(Array.from({ length }, sendOneAfterTheOther));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
};

/** Behind everybody else who is due by then. */
const nextRun = async (deps: Deps, endpointId: number): Promise<RunAgain | undefined> => {
  const endpoint = await readEndpoint(deps, endpointId);
  if (!endpoint || endpoint.disabled !== null) return undefined;
  const next = await nextDueAt(deps, endpointId);
  if (next === null) return undefined;
  return { runAt: Math.max(next, endpoint.throttled_until ?? next, deps.clock()) };
};

const runSlice = async (
  deps: Deps,
  endpointId: number,
  lease: Lease,
): Promise<RunAgain | undefined> => {
  const endpoint = await readCallable(deps, endpointId);
  if (endpoint) {
    const due = await dueDeliveries(deps, endpoint, deps.clock());
    if (due.length > 0) await sendSlice(deps, endpoint, { due, lease });
  }
  return nextRun(deps, endpointId);
};

/**
 * Sends an endpoint some of what is due to it, so that each endpoint gets its turn however much is due to others.
 * What is pending for a disabled one stays so until it is enabled. A run that is still under way, since a lease runs
 * out early when the sandbox's clock is moved, is joined rather than doubled.
 */
export const deliverToEndpoint = (
  deps: Deps,
  { endpointId }: { endpointId: number },
  lease: Lease,
): Promise<RunAgain | undefined> =>
  deps.deliveries.join(endpointId, () => runSlice(deps, endpointId, lease));
