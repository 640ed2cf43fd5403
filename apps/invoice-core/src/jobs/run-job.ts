import { DomainError, parseJson, toDomainError } from '@quittance/rpc';
import type { Clock, Logger } from '@quittance/runtime';
import type { Store } from '../store/store.ts';
import { type ClaimedJob, isHeld, putOffJob, settleJob } from './job-rows.ts';
import type { Job, JobHandler, Lease, RunAgain } from './jobs.ts';
import { LeaseLostError } from './lease-lost-error.ts';
import { defaultRetryPolicy, retryDelay } from './retry-policy.ts';

export interface RunDeps {
  store: Store;
  clock: Clock;
  log: Logger;
  /** From 0 to 1, for jitter. */
  random: () => number;
}

const isJson = (text: string): boolean => {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
};

const readPayload = <Payload>(
  { payload: schema }: JobHandler<Payload>,
  { payload }: ClaimedJob,
): Payload => {
  const parsed = isJson(payload) ? schema.safeParse(parseJson(payload)) : undefined;
  if (parsed?.success) return parsed.data;
  throw new DomainError('invalid_request', 'The payload does not parse', { cause: parsed?.error });
};

/** What is known about the job only while it runs. */
const leaseOf = (claimed: ClaimedJob): Lease & { isSettled: () => boolean } => {
  let settled = false;
  return {
    until: claimed.leasedUntil,
    isSettled: () => settled,
    settle: async (tx, again) => {
      await settleJob(tx, claimed, again?.runAt ?? null);
      settled = true;
    },
  };
};

/**
 * Runs a claimed job and ends it: settled, or put off. Never rejects: whatever goes wrong here too, the lease runs out
 * and the job is taken up again.
 */
export const runJob = async <Payload>(
  { store, clock, log, random }: RunDeps,
  handler: JobHandler<Payload>,
  claimed: ClaimedJob,
): Promise<void> => {
  const { kind, key, runAt, attempt } = claimed;
  const lease = leaseOf(claimed);
  const about = { job: kind, jobKey: key, attempt };

  /** A settlement counts once it is committed: the handler's transaction may have been undone after it. */
  const isOver = async (): Promise<boolean> =>
    lease.isSettled() && !(await isHeld(store.read, claimed));

  const putOff = async (cause: unknown): Promise<void> => {
    const error = toDomainError(cause);
    log.warn({ ...about, err: error }, 'job put off');
    if (await isOver()) return;
    const { code, message, retryAfterMs = 0 } = error;
    const backoff = retryDelay(handler.retry ?? defaultRetryPolicy, attempt, random());
    const delay = Math.max(backoff, retryAfterMs);
    await store.write((tx) => putOffJob(tx, claimed, { runAt: clock() + delay, code, message }));
  };

  const finish = async (again: RunAgain | void): Promise<void> => {
    if (await isOver()) {
      if (again) log.error(about, 'job settled itself and then asked to be run again: not done');
      return;
    }
    await store.write((tx) => settleJob(tx, claimed, again?.runAt ?? null));
  };

  const run = async (): Promise<void> => {
    let again: RunAgain | void;
    try {
      const job: Job<Payload> = {
        kind,
        key,
        runAt,
        attempt,
        payload: readPayload(handler, claimed),
      };
      again = await handler.run(job, lease);
    } catch (cause) {
      if (cause instanceof LeaseLostError) throw cause;
      await putOff(cause);
      return;
    }
    await finish(again);
  };

  try {
    await run();
  } catch (error) {
    if (error instanceof LeaseLostError) log.warn(about, 'job removed or taken over while it ran');
    else log.error({ ...about, err: error }, 'job could not be ended; its lease will run out');
  }
};
