import { silentLogger } from '@quittance/runtime';
import { expect, test } from 'vitest';
import { type JobRunner, startJobRunner } from './job-runner.ts';
import type { JobHandler } from './jobs.ts';
import { type JobsUnderTest, type Note, noteHandler, openJobs } from './jobs-under-test.ts';
import { createTestTimers, type TestTimers } from './timers-under-test.ts';

const patient = { interval: 1, timeout: 5000 };

interface RunnerUnderTest extends JobsUnderTest {
  runner: JobRunner;
  timers: TestTimers;
  ran: string[];
  /** Waits until the runner sleeps, for so long (ms). */
  asleep: (...ms: number[]) => Promise<void>;
  /** Moves clock and timers together. */
  pass: (ms: number) => void;
}

const openRunner = async (
  run: JobHandler<Note>['run'] = async () => {},
): Promise<RunnerUnderTest> => {
  const it = await openJobs();
  const timers = createTestTimers();
  const ran: string[] = [];
  const note = noteHandler(async (job, lease) => {
    ran.push(job.key);
    return run(job, lease);
  });
  const runner = startJobRunner({
    jobs: it.jobs,
    // One lane, so that there is one sleeper to watch.
    worker: { ...it.worker(), lanes: it.worker({ note }).lanes.slice(0, 1) },
    clock: it.clock.now,
    log: silentLogger,
    setTimer: timers.setTimer,
    maxIdleMs: 1000,
  });
  return {
    ...it,
    runner,
    timers,
    ran,
    asleep: async (...ms) => {
      await expect.poll(timers.waiting, patient).toEqual(ms);
    },
    pass: (ms) => {
      it.clock.advance(ms);
      timers.pass(ms);
    },
    [Symbol.asyncDispose]: async () => {
      await runner.stop();
      await it[Symbol.asyncDispose]();
    },
  };
};

/** Ends the timer that wakes the runner once the transaction that schedules is over. */
const schedule = async (it: RunnerUnderTest, key: string, inMs: number): Promise<void> => {
  await it.schedule({ key, runAt: it.clock.now() + inMs });
  it.timers.pass(0);
};

test('it sleeps until exactly when a job is due', async () => {
  await using it = await openRunner();
  await it.asleep(1000);
  await schedule(it, 'a', 300);
  await it.asleep(300);
  it.pass(299);
  await it.asleep(1);
  expect(it.ran).toEqual([]);
  it.pass(1);
  await it.asleep(1000);
  expect(it.ran).toEqual(['a']);
});

test('it never sleeps longer than it may, so that it finds what other processes scheduled', async () => {
  await using it = await openRunner();
  await it.asleep(1000);
  const { schedule: scheduleElsewhere } = await it.another();
  await scheduleElsewhere({ key: 'a', runAt: it.clock.now() + 400 });
  await it.asleep(1000);
  it.pass(1000);
  await expect.poll(() => it.ran, patient).toEqual(['a']);
});

test('a clock set forward or back delays a job by one sleep at most, and doubles none', async () => {
  await using it = await openRunner();
  const hour = 3_600_000;
  await it.asleep(1000);
  await schedule(it, 'a', hour);
  await schedule(it, 'b', 2 * hour);
  await it.asleep(1000);
  it.clock.advance(hour);
  it.timers.pass(1000);
  await expect.poll(() => it.ran, patient).toEqual(['a']);
  await it.asleep(1000);
  it.clock.advance(-hour);
  it.timers.pass(1000);
  await it.asleep(1000);
  expect(it.ran).toEqual(['a']);
  it.clock.advance(2 * hour);
  it.timers.pass(1000);
  await expect.poll(() => it.ran, patient).toEqual(['a', 'b']);
});

test('jobs that wait on something do not keep others waiting', async () => {
  const release = Promise.withResolvers<void>();
  await using it = await openRunner(async ({ key }) => {
    if (key === 'slow') await release.promise;
  });
  await schedule(it, 'slow', 0);
  await expect.poll(() => it.ran, patient).toEqual(['slow']);
  await schedule(it, 'a', 0);
  await expect.poll(() => it.ran, patient).toEqual(['slow', 'a']);
  release.resolve();
});

test('when every place is taken, the end of one job starts the next', async () => {
  const releases = new Map<string, () => void>();
  await using it = await openRunner(async ({ key }) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    releases.set(key, resolve);
    await promise;
  });
  for (let index = 0; index < 9; index += 1) await schedule(it, `job ${index}`, 0);
  await expect.poll(() => it.ran, patient).toHaveLength(8);
  await it.asleep(1000);
  releases.get('job 3')?.();
  await expect.poll(() => it.ran, patient).toHaveLength(9);
  for (const release of releases.values()) release();
});

test('stopping waits for what is under way and starts nothing more', async () => {
  const release = Promise.withResolvers<void>();
  await using it = await openRunner(async () => release.promise);
  await schedule(it, 'a', 0);
  await expect.poll(() => it.ran, patient).toEqual(['a']);
  let stopped = false;
  const stopping = it.runner.stop().then(() => {
    stopped = true;
  });
  await it.schedule({ key: 'b' });
  it.timers.pass(1000);
  expect(stopped).toBe(false);
  release.resolve();
  await stopping;
  expect(it.ran).toEqual(['a']);
  expect((await it.jobs.list({ limit: 10 })).map(({ key }) => key)).toEqual(['b']);
});
