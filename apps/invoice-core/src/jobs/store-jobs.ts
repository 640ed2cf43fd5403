import type { Clock, Logger } from '@quittance/runtime';
import type { Store } from '../store/store.ts';
import { removeJob, scheduleJob } from './job-rows.ts';
import { createJobWorker } from './job-worker.ts';
import type { Jobs, Payloads } from './jobs.ts';
import { listJobs } from './list-jobs.ts';

export interface StoreJobsDeps {
  store: Store;
  clock: Clock;
  log: Logger;
  /** From 0 to 1, for the jitter of retries. */
  random?: () => number;
}

/** Jobs kept in the store itself, in the one transaction with what they are about. */
export const createStoreJobs = <P extends Payloads>({
  store,
  clock,
  log,
  random = Math.random,
}: StoreJobsDeps): Jobs<P> => {
  const listeners = new Set<(kind: string) => void>();
  return {
    schedule: async (tx, job) => {
      await scheduleJob(tx, job, clock());
      for (const listener of listeners) listener(job.kind);
    },
    remove: removeJob,
    list: (query) => listJobs(store.read, query),
    onScheduled: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    handle: (handlers) => createJobWorker({ store, clock, log, random }, handlers),
  };
};
