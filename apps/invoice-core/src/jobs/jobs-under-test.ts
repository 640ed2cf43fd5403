import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, type Logger } from '@quittance/runtime';
import { createTestClock, type TestClock } from '@quittance/testing';
import { z } from 'zod';
import { openSqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import type { JobHandler, JobHandlers, Jobs, JobWorker, ScheduledJob } from './jobs.ts';
import { createStoreJobs } from './store-jobs.ts';
import { makeTraces } from './traces-under-test.ts';

export type Note = { text: string };

export type NotePayloads = { note: Note; other: Note };

/** One process's view of the jobs in a file. */
export interface Engine {
  store: Store;
  jobs: Jobs<NotePayloads>;
  schedule: (job: NoteJob) => Promise<void>;
  worker: (handlers?: Partial<JobHandlers<NotePayloads>>) => JobWorker;
}

export type NoteJob = Partial<ScheduledJob<keyof NotePayloads, Note>> & { key: string };

export interface JobsUnderTest extends Engine {
  clock: TestClock;
  /** Another engine on the same file, as in another process. */
  another: () => Promise<Engine>;
  [Symbol.asyncDispose]: () => Promise<void>;
}

/** A handler that does what the test says. */
export const noteHandler = (
  run: JobHandler<Note>['run'],
  settings: Partial<JobHandler<Note>> = {},
): JobHandler<Note> => ({ payload: z.object({ text: z.string() }), run, ...settings });

export const openJobs = async ({
  log = silentLogger,
  random = () => 1,
}: { log?: Logger; random?: () => number } = {}): Promise<JobsUnderTest> => {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-jobs-'));
  const clock = createTestClock();
  const stores: Store[] = [];

  const start = async (): Promise<Engine> => {
    const store = await openSqliteStore(join(folder, 'test.db'));
    stores.push(store);
    await makeTraces(store);
    const jobs = createStoreJobs<NotePayloads>({ store, clock: clock.now, log, random });
    const nothing = noteHandler(async () => {});
    return {
      store,
      jobs,
      schedule: (job) =>
        store.write((tx) =>
          jobs.schedule(tx, {
            kind: 'note',
            runAt: clock.now(),
            payload: { text: job.key },
            ...job,
          }),
        ),
      worker: (handlers = {}) => jobs.handle({ note: nothing, other: nothing, ...handlers }),
    };
  };

  return {
    ...(await start()),
    clock,
    another: start,
    [Symbol.asyncDispose]: async () => {
      for (const store of stores) await store.close();
      await rm(folder, { recursive: true });
    },
  };
};
