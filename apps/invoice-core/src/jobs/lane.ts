import { randomUUID } from 'node:crypto';
import { type ClaimedJob, claimableAt, claimJobs } from './job-rows.ts';
import type { JobHandler, Lane } from './jobs.ts';
import { runJob, type RunDeps } from './run-job.ts';

export const defaultLeaseMs = 60_000;
const defaultConcurrency = 8;

/** How many jobs one round starts at most, so that a round ends while others keep scheduling. */
const maxStartedInRound = 1000;

interface Run {
  startedAt: number;
  until: number;
  ended: Promise<void>;
}

export const createLane = <Payload>(
  deps: RunDeps,
  kind: string,
  handler: JobHandler<Payload>,
): Lane => {
  const { store, clock } = deps;
  const { leaseMs = defaultLeaseMs, concurrency = defaultConcurrency, waiting } = handler;
  const running = new Set<Run>();

  let claimed = 0;

  /** A run past its lease no longer counts: one that hangs must not keep its place for good. */
  const current = (): Run[] => {
    const now = clock();
    return [...running].filter(({ until }) => until > now);
  };

  const room = (): number => {
    const runs = current();
    if (!waiting) return concurrency - claimed - runs.length;
    const oldest = clock() - waiting.fromMs;
    const counted = runs.filter(({ startedAt }) => startedAt > oldest).length;
    return Math.min(concurrency - claimed - counted, waiting.max - claimed - runs.length);
  };

  const launch = (job: ClaimedJob, onEnd: () => void): void => {
    const ended = runJob(deps, handler, job).finally(() => {
      running.delete(run);
      onEnd();
    });
    const run: Run = { startedAt: clock(), until: job.leasedUntil, ended };
    running.add(run);
  };

  const startUpTo = async (max: number, onEnd: () => void): Promise<number> => {
    let taken = 0;
    try {
      const jobs = await store.write(async (tx) => {
        // Counted here and not before: by now more may have ended, and one claim serves them all.
        const limit = Math.min(max, room());
        if (limit <= 0) return [];
        const claim = { kind, limit, now: clock(), leaseMs, token: randomUUID() };
        const rows = await claimJobs(tx, claim);
        taken = rows.length;
        claimed += taken;
        return rows;
      });
      for (const job of jobs) launch(job, onEnd);
    } finally {
      claimed -= taken;
    }
    return taken;
  };

  const nextRunAt = async (): Promise<number | null> => {
    const now = clock();
    const jobs = store.read.selectFrom('jobs').select(['run_at', 'leased_until']);
    const free = await jobs
      .where('kind', '=', kind)
      .where('lease_token', 'is', null)
      .orderBy('run_at')
      .limit(1)
      .execute();
    const leased = await jobs
      .where('kind', '=', kind)
      .where('lease_token', 'is not', null)
      .execute();
    const times = [...free, ...leased].map((row) => claimableAt(row, { now, leaseMs }));
    return times.length === 0 ? null : Math.min(...times);
  };

  const isDue = async (): Promise<boolean> => {
    const next = await nextRunAt();
    return next !== null && next <= clock();
  };

  const work = async (): Promise<void> => {
    let left = maxStartedInRound;
    for (;;) {
      if (left > 0 && room() > 0 && (await isDue())) left -= await startUpTo(left, () => {});
      const runs = current();
      if (runs.length === 0) return;
      await Promise.race(runs.map(({ ended }) => ended));
    }
  };

  return {
    kind,
    nextRunAt,
    work,
    start: async (onEnd = () => {}) => {
      const started = room() > 0 ? await startUpTo(concurrency, onEnd) : 0;
      return { started, full: room() <= 0 };
    },
    idle: async () => {
      await Promise.all([...running].map(({ ended }) => ended));
    },
  };
};
