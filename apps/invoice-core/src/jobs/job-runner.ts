import type { Clock, Logger } from '@quittance/runtime';
import type { Jobs, JobWorker, Lane, Payloads } from './jobs.ts';
import { createSleeper, type SetTimer, type Sleeper, systemTimer } from './sleeper.ts';

export interface JobRunnerDeps<P extends Payloads> {
  jobs: Pick<Jobs<P>, 'onScheduled'>;
  worker: JobWorker;
  clock: Clock;
  log: Logger;
  setTimer?: SetTimer;
  /**
   * The longest sleep in ms: how late a job can be of which only another process knows, or after the clock was moved.
   */
  maxIdleMs?: number;
}

export interface JobRunner {
  /** Looks now for what is due. */
  wake: () => void;
  /** Starts nothing more and waits for what is under way. */
  stop: () => Promise<void>;
}

/** Another process took what was due; by then it has said so. */
const outrunMs = 10;

/** Runs jobs when they are due, each kind in a loop of its own that sleeps exactly until there is something to do. */
export const startJobRunner = <P extends Payloads>({
  jobs,
  worker,
  clock,
  log,
  setTimer = systemTimer,
  maxIdleMs = 1000,
}: JobRunnerDeps<P>): JobRunner => {
  const stopping = new AbortController();

  /** @returns for how long there is nothing to do, in ms */
  const lookAfter = async (lane: Lane, sleeper: Sleeper): Promise<number> => {
    const next = await lane.nextRunAt();
    if (next === null) return maxIdleMs;
    const wait = next - clock();
    if (wait > 0) return Math.min(wait, maxIdleMs);
    const { started, full } = await lane.start(sleeper.wake);
    if (started > 0 && !full) return 0;
    return full ? maxIdleMs : outrunMs;
  };

  const runLane = async (lane: Lane, sleeper: Sleeper): Promise<void> => {
    while (!stopping.signal.aborted) {
      const idleMs = await lookAfter(lane, sleeper).catch((error: unknown) => {
        log.error({ job: lane.kind, err: error }, 'jobs could not be looked after');
        return maxIdleMs;
      });
      if (idleMs > 0) await sleeper.sleep(idleMs);
    }
    await lane.idle();
  };

  const sleepers = new Map<string, Sleeper>();
  const loops = worker.lanes.map((lane) => {
    const sleeper = createSleeper(setTimer);
    sleepers.set(lane.kind, sleeper);
    return runLane(lane, sleeper);
  });
  const reported = worker
    .reportUnhandled()
    .catch((error: unknown) => log.error({ err: error }, 'jobs could not be listed'));

  /** A job is announced from within its transaction; by the next turn of the event loop that is over. */
  const pending = new Set<string>();
  const ignore = jobs.onScheduled((kind) => {
    if (pending.has(kind)) return;
    pending.add(kind);
    setTimer(() => {
      pending.delete(kind);
      sleepers.get(kind)?.wake();
    }, 0);
  });

  const wake = (): void => {
    for (const sleeper of sleepers.values()) sleeper.wake();
  };

  return {
    wake,
    stop: async () => {
      stopping.abort();
      ignore();
      wake();
      await Promise.all([...loops, reported]);
    },
  };
};
