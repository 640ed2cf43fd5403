import { setImmediate } from 'node:timers/promises';
import { DomainError } from '@quittance/rpc';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { JobHandler, RunAgain } from './jobs.ts';
import { type Note, noteHandler, openJobs } from './jobs-under-test.ts';
import { leaveTrace, traces } from './traces-under-test.ts';

const never = (): Promise<void> => new Promise(() => {});

/** A handler that notes what it was given, in order. */
const recorder = (): { ran: string[]; handler: JobHandler<Note> } => {
  const ran: string[] = [];
  const handler = noteHandler(async ({ key, payload, attempt }) => {
    ran.push(`${key} ${payload.text} ${attempt}`);
  });
  return { ran, handler };
};

test('a job runs when it is due, not a millisecond sooner, and is gone', async () => {
  await using it = await openJobs();
  const { ran, handler } = recorder();
  const worker = it.worker({ note: handler });
  const runAt = it.clock.now() + 1000;
  await it.schedule({ key: 'a', runAt });
  expect(await worker.nextRunAt()).toBe(runAt);
  it.clock.advance(999);
  await worker.work();
  expect(await worker.lanes[0]?.start()).toEqual({ started: 0, full: false });
  expect(ran).toEqual([]);
  it.clock.advance(1);
  await worker.work();
  expect(ran).toEqual(['a a 1']);
  expect(await it.jobs.list({ limit: 10 })).toEqual([]);
  expect(await worker.nextRunAt()).toBeNull();
});

test('a job is part of the transaction that schedules it', async () => {
  await using it = await openJobs();
  const undone = it.store.write(async (tx) => {
    const payload = { text: '' };
    await it.jobs.schedule(tx, { kind: 'note', key: 'a', runAt: 0, payload });
    throw new Error('second thoughts');
  });
  await expect(undone).rejects.toThrow('second thoughts');
  expect(await it.jobs.list({ limit: 10 })).toEqual([]);
});

test.each([
  [90_000, 90_000],
  [1, 1000],
])('a failure that says to come back in %i ms puts a job off by %i ms', async (said, waited) => {
  await using it = await openJobs();
  const failing = noteHandler(() =>
    Promise.reject(new DomainError('outcome_unknown', 'Not yet', { retryAfterMs: said })),
  );
  await it.schedule({ key: 'a', runAt: it.clock.now() });
  await it.worker({ note: failing }).work();
  const [job] = await it.jobs.list({ limit: 1 });
  expect(job).toMatchObject({ runAt: it.clock.now() + waited, lastError: { message: 'Not yet' } });
});

test('scheduling again moves the one job of a key; `earliest` only forward', async () => {
  await using it = await openJobs();
  const now = it.clock.now();
  const runAts = async (): Promise<number[]> =>
    (await it.jobs.list({ limit: 10 })).map(({ runAt }) => runAt - now);
  await it.schedule({ key: 'a', runAt: now + 10 });
  await it.schedule({ key: 'a', runAt: now + 30 });
  expect(await runAts()).toEqual([30]);
  await it.schedule({ key: 'a', runAt: now + 40, ifScheduled: 'earliest' });
  expect(await runAts()).toEqual([30]);
  await it.schedule({ key: 'a', runAt: now + 20, ifScheduled: 'earliest' });
  expect(await runAts()).toEqual([20]);
});

test('a handler can ask to be run again', async () => {
  await using it = await openJobs();
  const runAt = it.clock.now() + 5000;
  const worker = it.worker({ note: noteHandler(async () => ({ runAt })) });
  await it.schedule({ key: 'a' });
  await worker.work();
  const [job] = await it.jobs.list({ limit: 10 });
  expect(job).toMatchObject({ runAt, attempts: 0, leasedUntil: null });
});

test.each<[string, RunAgain | undefined, number]>([
  ['it would be gone', undefined, 7000],
  ['it would run later', { runAt: Date.UTC(2026, 0, 1) + 9000 }, 7000],
  ['it would run sooner', { runAt: Date.UTC(2026, 0, 1) + 3000 }, 3000],
])('what is scheduled while a job runs is not lost: %s', async (_, again, expected) => {
  await using it = await openJobs();
  const now = it.clock.now();
  const runs: number[] = [];
  const handler = noteHandler(async ({ runAt }) => {
    runs.push(runAt - now);
    await it.schedule({ key: 'a', runAt: now + 8000, ifScheduled: 'earliest' });
    await it.schedule({ key: 'a', runAt: now + 7000, ifScheduled: 'earliest' });
    await it.schedule({ key: 'a', runAt: now + 9000, ifScheduled: 'earliest' });
    return again;
  });
  await it.schedule({ key: 'a' });
  await it.worker({ note: handler }).work();
  expect(runs).toEqual([0]);
  const [job] = await it.jobs.list({ limit: 10 });
  expect(job).toMatchObject({ runAt: now + expected, leasedUntil: null });
});

test('a failing job is put off further each time, jittered and capped, and never given up', async () => {
  const jitter = { value: 1 };
  await using it = await openJobs({ random: () => jitter.value });
  const failing = noteHandler(() => Promise.reject(new Error('password=hunter2')), {
    retry: { firstMs: 1000, maxMs: 60_000 },
  });
  const worker = it.worker({ note: failing });
  await it.schedule({ key: 'a' });
  const delays: number[] = [];
  for (let attempt = 1; attempt <= 60; attempt += 1) {
    await worker.work();
    const next = (await worker.nextRunAt()) ?? Infinity;
    delays.push(next - it.clock.now());
    it.clock.advance(next - it.clock.now());
  }
  expect(delays.slice(0, 8)).toEqual([1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000]);
  expect(delays.at(-1)).toBe(60_000);

  jitter.value = 0;
  await worker.work();
  expect(await worker.nextRunAt()).toBe(it.clock.now() + 30_000);
  const [job] = await it.jobs.list({ failing: true, limit: 10 });
  expect(job?.attempts).toBe(61);
  expect(job?.lastError).toEqual({ code: 'internal', message: 'Internal error' });
});

test('what a DomainError says is kept; a run that ends well clears it', async () => {
  await using it = await openJobs();
  let fails = true;
  const worker = it.worker({
    note: noteHandler(async () => {
      if (fails) throw new DomainError('unavailable', 'Stripe is down', { cause: 'sk_live_1' });
      return { runAt: it.clock.now() + 1 };
    }),
  });
  await it.schedule({ key: 'a' });
  await worker.work();
  const [failed] = await it.jobs.list({ failing: true, limit: 10 });
  expect(failed?.lastError).toEqual({ code: 'unavailable', message: 'Stripe is down' });
  fails = false;
  it.clock.advance(1000);
  await worker.work();
  const [fine] = await it.jobs.list({ limit: 10 });
  expect(fine).toMatchObject({ attempts: 0, lastError: null });
  expect(await it.jobs.list({ failing: true, limit: 10 })).toEqual([]);
});

test('two engines on one file never run a job at the same time, and each job once', async () => {
  await using it = await openJobs();
  const other = await it.another();
  const keys = Array.from({ length: 300 }, (_, index) => `job ${index}`);
  await Promise.all(keys.map((key) => it.schedule({ key })));
  const underWay = new Set<string>();
  const runs: string[] = [];
  const byEngine = [0, 0];
  const handlerOf = (engine: number): JobHandler<Note> =>
    noteHandler(async ({ key }) => {
      expect(underWay.has(key)).toBe(false);
      underWay.add(key);
      runs.push(key);
      byEngine[engine] = (byEngine[engine] ?? 0) + 1;
      await setImmediate();
      await setImmediate();
      underWay.delete(key);
    });
  await Promise.all([
    it.worker({ note: handlerOf(0) }).work(),
    other.worker({ note: handlerOf(1) }).work(),
  ]);
  expect(runs.toSorted()).toEqual(keys.toSorted());
  expect(Math.min(...byEngine)).toBeGreaterThan(50);
});

test('when a lease runs out another engine takes over, and the first can no longer settle', async () => {
  await using it = await openJobs();
  const other = await it.another();
  const started = Promise.withResolvers<void>();
  const resume = Promise.withResolvers<void>();
  const settling = Promise.withResolvers<unknown>();
  const stalled = noteHandler(
    async (_, lease) => {
      started.resolve();
      await resume.promise;
      const settlement = it.store.write(async (tx) => {
        await leaveTrace(tx, 'the first');
        await lease.settle(tx);
      });
      settlement.catch(settling.resolve);
      await settlement;
    },
    { leaseMs: 5000 },
  );
  await it.schedule({ key: 'a' });
  const first = it.worker({ note: stalled }).work();
  await started.promise;

  const attempts: number[] = [];
  const takeOver = noteHandler(
    async ({ attempt }, lease) => {
      attempts.push(attempt);
      const [job] = await it.jobs.list({ limit: 1 });
      expect(job?.lastError?.code).toBe('cut_off');
      resume.resolve();
      expect(await settling.promise).toMatchObject({ name: 'LeaseLostError' });
      await other.store.write(async (tx) => {
        await leaveTrace(tx, 'the second');
        await lease.settle(tx);
      });
    },
    { leaseMs: 5000 },
  );
  const second = other.worker({ note: takeOver });
  it.clock.advance(4999);
  await second.work();
  expect(attempts).toEqual([]);
  expect(await second.nextRunAt()).toBe(it.clock.now() + 1);
  it.clock.advance(1);
  await second.work();
  await first;
  expect(attempts).toEqual([2]);
  expect(await traces(it.store)).toEqual(['the second']);
  expect(await it.jobs.list({ limit: 10 })).toEqual([]);
});

test('who lost the lease cannot put the job off either', async () => {
  await using it = await openJobs();
  const other = await it.another();
  const started = Promise.withResolvers<void>();
  const resume = Promise.withResolvers<void>();
  const stalled = noteHandler(async () => {
    started.resolve();
    await resume.promise;
    throw new Error('too late');
  });
  await it.schedule({ key: 'a' });
  const first = it.worker({ note: stalled }).work();
  await started.promise;
  it.clock.advance(60_000);
  const runAt = it.clock.now() + 123_456;
  await other.worker({ note: noteHandler(async () => ({ runAt })) }).work();
  resume.resolve();
  await first;
  const [job] = await it.jobs.list({ limit: 10 });
  expect(job).toMatchObject({ runAt, attempts: 0, lastError: null });
});

test('a job that is removed while it runs cannot settle', async () => {
  await using it = await openJobs();
  const handler = noteHandler(async (_, lease) => {
    await it.store.write((tx) => it.jobs.remove(tx, { kind: 'note', key: 'a' }));
    await it.store.write(async (tx) => {
      await leaveTrace(tx, 'a');
      await lease.settle(tx);
    });
  });
  await it.schedule({ key: 'a' });
  await it.worker({ note: handler }).work();
  expect(await traces(it.store)).toEqual([]);
  expect(await it.jobs.list({ limit: 10 })).toEqual([]);
});

test('a settlement that was undone does not count', async () => {
  await using it = await openJobs();
  const handler = noteHandler(async (_, lease) => {
    const undone = it.store.write(async (tx) => {
      await lease.settle(tx);
      throw new Error('second thoughts');
    });
    await undone;
  });
  await it.schedule({ key: 'a' });
  await it.worker({ note: handler }).work();
  const [job] = await it.jobs.list({ limit: 10 });
  expect(job).toMatchObject({ runAt: it.clock.now() + 1000, attempts: 1, leasedUntil: null });
});

test('a settlement can say when to run again, and may be followed by a failure', async () => {
  await using it = await openJobs();
  const runAt = it.clock.now() + 77_000;
  const handler = noteHandler(async (_, lease) => {
    await it.store.write((tx) => lease.settle(tx, { runAt }));
    throw new Error('after the fact');
  });
  await it.schedule({ key: 'a' });
  await it.worker({ note: handler }).work();
  const [job] = await it.jobs.list({ limit: 10 });
  expect(job).toMatchObject({ runAt, attempts: 0, lastError: null, leasedUntil: null });
});

test('a payload that does not parse is kept, visible and put off', async () => {
  await using it = await openJobs();
  const { ran, handler } = recorder();
  const worker = it.worker({ note: handler });
  await it.schedule({ key: 'a' });
  await it.schedule({ key: 'b' });
  await it.store.write((tx) =>
    tx.updateTable('jobs').set({ payload: '{"text":1}' }).where('key', '=', 'a').execute(),
  );
  await it.schedule({ key: 'c' });
  await it.store.write((tx) =>
    tx.updateTable('jobs').set({ payload: '{' }).where('key', '=', 'c').execute(),
  );
  await worker.work();
  expect(ran).toEqual(['b b 1']);
  const failing = await it.jobs.list({ failing: true, limit: 10 });
  expect(failing.map(({ key, attempts }) => [key, attempts])).toEqual([
    ['a', 1],
    ['c', 1],
  ]);
  expect(failing[0]?.lastError?.message).toBe('The payload does not parse');
  expect(await worker.nextRunAt()).toBe(it.clock.now() + 1000);
});

test('after the clock was set back, a lease taken before does not hold for longer than two', async () => {
  await using it = await openJobs();
  const other = await it.another();
  await it.schedule({ key: 'a', runAt: it.clock.now() - 7_200_000 });
  void it.worker({ note: noteHandler(never, { leaseMs: 5000 }) }).work();
  const attempts = async (): Promise<unknown> => (await it.jobs.list({ limit: 1 }))[0]?.attempts;
  await expect.poll(attempts, { interval: 1, timeout: 5000 }).toBe(1);
  it.clock.advance(-3_600_000);
  const { ran, handler } = recorder();
  await other.worker({ note: { ...handler, leaseMs: 5000 } }).work();
  expect(ran).toEqual(['a a 2']);
});

test('a run that hangs gives up its place when its lease runs out', async () => {
  await using it = await openJobs();
  const ran: string[] = [];
  const handler = noteHandler(
    async ({ key, attempt }) => {
      ran.push(`${key} ${attempt}`);
      if (attempt === 1 && key === 'hangs') await never();
    },
    { concurrency: 1, leaseMs: 5000 },
  );
  const [lane] = it.worker({ note: handler }).lanes;
  await it.schedule({ key: 'hangs' });
  expect(await lane?.start()).toEqual({ started: 1, full: true });
  expect(await lane?.start()).toEqual({ started: 0, full: true });
  it.clock.advance(5000);
  await it.schedule({ key: 'next' });
  await lane?.work();
  expect(ran).toEqual(['hangs 1', 'hangs 2', 'next 1']);
});

test('concurrency is bounded, also when rounds overlap', async () => {
  await using it = await openJobs();
  let underWay = 0;
  let most = 0;
  const handler = noteHandler(
    async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await setImmediate();
      underWay -= 1;
    },
    { concurrency: 3 },
  );
  for (let index = 0; index < 30; index += 1) await it.schedule({ key: `job ${index}` });
  const worker = it.worker({ note: handler });
  await Promise.all([worker.work(), worker.work()]);
  expect(most).toBe(3);
  expect(await it.jobs.list({ limit: 1 })).toEqual([]);
});

test('runs that wait give up their places after a while, up to a number of runs in all', async () => {
  await using it = await openJobs();
  const release = Promise.withResolvers<void>();
  const handler = noteHandler(async () => release.promise, {
    concurrency: 2,
    waiting: { fromMs: 1000, max: 5 },
  });
  const [lane] = it.worker({ note: handler }).lanes;
  for (let index = 0; index < 6; index += 1) await it.schedule({ key: `job ${index}` });
  expect(await lane?.start()).toEqual({ started: 2, full: true });
  it.clock.advance(999);
  expect(await lane?.start()).toEqual({ started: 0, full: true });
  it.clock.advance(1);
  expect(await lane?.start()).toEqual({ started: 2, full: true });
  it.clock.advance(1000);
  expect(await lane?.start()).toEqual({ started: 1, full: true });
  it.clock.advance(1000);
  expect(await lane?.start()).toEqual({ started: 0, full: true });
  release.resolve();
  await lane?.work();
  expect(await it.jobs.list({ limit: 1 })).toEqual([]);
});

test('10,000 due jobs are worked longest due first, and another kind does not wait for them', async () => {
  await using it = await openJobs();
  const count = 10_000;
  const due = it.clock.now() - count;
  await it.store.write(async (tx) => {
    for (let index = 0; index < count; index += 1) {
      const runAt = due + ((index * 7919) % count);
      const payload = { text: '' };
      await it.jobs.schedule(tx, { kind: 'note', key: `job ${index}`, runAt, payload });
    }
  });
  await it.schedule({ kind: 'other', key: 'newcomer' });
  const times: number[] = [];
  let newcomerAfter = Infinity;
  const worker = it.worker({
    note: noteHandler(async ({ runAt }) => void times.push(runAt - due), { concurrency: 50 }),
    other: noteHandler(async () => {
      newcomerAfter = times.length;
    }),
  });
  while ((await worker.nextRunAt()) !== null) await worker.work();
  expect(times).toEqual(Array.from({ length: count }, (_, index) => index));
  expect(newcomerAfter).toBeLessThanOrEqual(100);
}, 20_000);

test('the claim and the next time are read from an index', async () => {
  await using it = await openJobs();
  const plan = async (where: string): Promise<string> => {
    const query = sql.raw<{ detail: string }>(`explain query plan select key from jobs ${where}`);
    const { rows } = await query.execute(it.store.read);
    return rows.map(({ detail }) => detail).join('; ');
  };
  const waiting = `where kind = 'a' and run_at <= 1 and (leased_until is null or leased_until <= 1)
    order by run_at, key limit 10`;
  expect(await plan(waiting)).toBe('SEARCH jobs USING INDEX jobs_due (kind=? AND run_at<?)');
  const leased = `where kind = 'a' and lease_token is not null`;
  expect(await plan(leased)).toContain('USING INDEX jobs_leased (kind=?)');
  const failing = `where kind = 'a' and last_error_code is not null order by kind, run_at, key`;
  expect(await plan(failing)).toContain('INDEX jobs_failing (kind=?)');
});
