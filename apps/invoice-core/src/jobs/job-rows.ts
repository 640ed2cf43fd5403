import type { Expression, ExpressionBuilder, SqlBool, Updateable } from 'kysely';
import type { Schema } from '../store/schema.ts';
import type { Transaction } from '../store/store.ts';
import type { JobId, ScheduledJob } from './jobs.ts';
import { LeaseLostError } from './lease-lost-error.ts';

type JobExpression = ExpressionBuilder<Schema, 'jobs'>;

export interface ClaimedJob extends JobId {
  payload: string;
  runAt: number;
  attempt: number;
  token: string;
  leasedUntil: number;
}

export interface Claim {
  kind: string;
  limit: number;
  now: number;
  leaseMs: number;
  token: string;
}

/**
 * From when on a lease end is further off than any lease is long. Such a lease was taken before the clock was set
 * back, and nobody should wait for it.
 */
export const implausibleLeaseEnd = (now: number, leaseMs: number): number => now + 2 * leaseMs;

/** The time at which a job is due and nobody's, UTC ms. */
export const claimableAt = (
  { run_at, leased_until }: { run_at: number; leased_until: number | null },
  { now, leaseMs }: Pick<Claim, 'now' | 'leaseMs'>,
): number =>
  leased_until === null || leased_until > implausibleLeaseEnd(now, leaseMs)
    ? run_at
    : Math.max(run_at, leased_until);

const claimable =
  ({ kind, now, leaseMs }: Claim) =>
  (eb: JobExpression): Expression<SqlBool> =>
    eb.and([
      eb('kind', '=', kind),
      eb('run_at', '<=', now),
      eb.or([
        eb('leased_until', 'is', null),
        eb('leased_until', '<=', now),
        eb('leased_until', '>', implausibleLeaseEnd(now, leaseMs)),
      ]),
    ]);

/** A run that was cut off left no error, so whoever takes the job over says so. */
const unlessCutOff = (
  eb: JobExpression,
  column: 'last_error_code' | 'last_error_message',
  text: string,
): Expression<string | null> =>
  eb.case().when('lease_token', 'is not', null).then(text).else(eb.ref(column)).end();

/**
 * Leases the jobs that are longest due, in one atomic statement. The conditions stand in the update itself too: on
 * PostgreSQL they are checked again after waiting for someone else who claims the same rows.
 */
export const claimJobs = async (tx: Transaction, claim: Claim): Promise<ClaimedJob[]> => {
  const leasedUntil = claim.now + claim.leaseMs;
  const rows = await tx
    .updateTable('jobs')
    .set((eb) => ({
      lease_token: claim.token,
      leased_until: leasedUntil,
      attempts: eb('attempts', '+', 1),
      last_error_code: unlessCutOff(eb, 'last_error_code', 'cut_off'),
      last_error_message: unlessCutOff(eb, 'last_error_message', 'The last run never ended'),
    }))
    .where(claimable(claim))
    .where('key', 'in', (eb) =>
      eb
        .selectFrom('jobs')
        .select('key')
        .where(claimable(claim))
        .orderBy('run_at')
        .orderBy('key')
        .limit(claim.limit),
    )
    .returning(['kind', 'key', 'payload', 'run_at as runAt', 'attempts as attempt'])
    .execute();
  return rows
    .map((row) => ({ ...row, token: claim.token, leasedUntil }))
    .toSorted((a, b) => a.runAt - b.runAt || (a.key < b.key ? -1 : 1));
};

/** Stores a job, or moves the one that is there. While that one runs, the new time waits until it has ended. */
export const scheduleJob = async (
  tx: Transaction,
  job: ScheduledJob<string, unknown>,
  now: number,
): Promise<void> => {
  const { kind, key, runAt, ifScheduled = 'replace' } = job;
  const payload = JSON.stringify(job.payload);
  await tx
    .insertInto('jobs')
    .values({ kind, key, payload, run_at: runAt, attempts: 0, created_at: now })
    .onConflict((conflict) =>
      conflict.columns(['kind', 'key']).doUpdateSet((eb) => {
        const moved = (column: 'run_at' | 'again_at'): Expression<number | null> =>
          ifScheduled === 'replace'
            ? eb.val(runAt)
            : eb
                .case()
                .when(`jobs.${column}`, '<', runAt)
                .then(eb.ref(`jobs.${column}`))
                .else(runAt)
                .end();
        return {
          payload,
          run_at: eb
            .case()
            .when('jobs.lease_token', 'is', null)
            .then(moved('run_at'))
            .else(eb.ref('jobs.run_at'))
            .end()
            .$castTo<number>(),
          again_at: eb
            .case()
            .when('jobs.lease_token', 'is', null)
            .then(eb.ref('jobs.again_at'))
            .else(moved('again_at'))
            .end(),
        };
      }),
    )
    .execute();
};

export const removeJob = async (tx: Transaction, { kind, key }: JobId): Promise<void> => {
  await tx.deleteFrom('jobs').where('kind', '=', kind).where('key', '=', key).execute();
};

/** A job scheduled while it ran is run when that says, if that is sooner. */
const releaseJob = async (
  tx: Transaction,
  { kind, key, token }: ClaimedJob,
  change: Omit<Updateable<Schema['jobs']>, 'run_at'> & { run_at: number | null },
): Promise<void> => {
  const { run_at, ...rest } = change;
  const { numUpdatedRows } = await tx
    .updateTable('jobs')
    .set((eb) => ({
      ...rest,
      run_at:
        run_at === null
          ? eb.fn.coalesce('again_at', 'run_at')
          : eb
              .case()
              .when('again_at', '<', run_at)
              .then(eb.ref('again_at'))
              .else(run_at)
              .end()
              .$castTo<number>(),
      again_at: null,
      lease_token: null,
      leased_until: null,
    }))
    .where('kind', '=', kind)
    .where('key', '=', key)
    .where('lease_token', '=', token)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new LeaseLostError({ kind, key });
};

/** Ends a run that went well. @throws LeaseLostError when the job is no longer its holder's */
export const settleJob = async (
  tx: Transaction,
  job: ClaimedJob,
  runAgainAt: number | null,
): Promise<void> => {
  if (runAgainAt === null) {
    const { numDeletedRows } = await tx
      .deleteFrom('jobs')
      .where('kind', '=', job.kind)
      .where('key', '=', job.key)
      .where('lease_token', '=', job.token)
      .where('again_at', 'is', null)
      .executeTakeFirst();
    if (numDeletedRows === 1n) return;
  }
  const change = { attempts: 0, last_error_code: null, last_error_message: null };
  await releaseJob(tx, job, { ...change, run_at: runAgainAt });
};

/** Ends a run that failed. @throws LeaseLostError when the job is no longer its holder's */
export const putOffJob = (
  tx: Transaction,
  job: ClaimedJob,
  { runAt, code, message }: { runAt: number; code: string; message: string },
): Promise<void> =>
  releaseJob(tx, job, { run_at: runAt, last_error_code: code, last_error_message: message });

export const isHeld = async (
  tx: Transaction,
  { kind, key, token }: ClaimedJob,
): Promise<boolean> => {
  const row = await tx
    .selectFrom('jobs')
    .select('lease_token')
    .where('kind', '=', kind)
    .where('key', '=', key)
    .executeTakeFirst();
  return row?.lease_token === token;
};
