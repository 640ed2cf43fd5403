import { silentLogger, systemClock } from '@quittance/runtime';
import { expect, test } from 'vitest';
import { createStoreJobs } from '../jobs/store-jobs.ts';
import type { CoreJobs } from '../jobs/core-jobs.ts';
import { create } from './endpoints-under-test.ts';
import { makeBacklog, makeEndpoints } from './fairness-under-test.ts';
import { wake } from './outbox.ts';
import { deadUrl, openRawReceiver } from './receiver-under-test.ts';
import { openSending, type SendingUnderTest } from './sending-under-test.ts';

const isDeep = process.env['QUITTANCE_DEEP'] === '1';

/** Has what is due to endpoints sent. */
const wakeAll = ({ store }: SendingUnderTest): Promise<void> =>
  store.write(async (tx) => {
    const jobs = createStoreJobs<CoreJobs>({ store, clock: systemClock, log: silentLogger });
    const endpoints = await tx.selectFrom('endpoints').select(['id', 'throttled_until']).execute();
    for (const endpoint of endpoints) await wake({ jobs }, tx, endpoint, systemClock());
  });

const isPatient = { interval: 1, timeout: 10_000 };

test.each(['hangs', 'refuses connections'])(
  'an endpoint that %s, with 100,000 deliveries due, delays a healthy one by less than a second',
  async (how) => {
    await using hanging = await openRawReceiver();
    await using it = await openSending({ clock: systemClock, timeoutMs: 500 });
    const url = how === 'hangs' ? hanging.url : await deadUrl();
    await makeEndpoints(it, [url]);
    await makeBacklog(it, { count: 100_000, now: systemClock() });
    await it.listen('/healthy');
    await wakeAll(it);
    const background = await it.app.start();
    const tried = async (): Promise<number> => {
      const row = await it.store.read
        .selectFrom('attempts')
        .select((eb) => eb.fn.countAll().as('count'))
        .executeTakeFirstOrThrow();
      return Number(row.count);
    };
    await expect.poll(tried, isPatient).toBeGreaterThanOrEqual(4);
    const delays: number[] = [];
    for (let round = 1; round <= 5; round += 1) {
      await create(it);
      const from = performance.now();
      await expect.poll(() => it.arrived('/healthy'), isPatient).toHaveLength(2 * round);
      delays.push(performance.now() - from);
    }
    const before = await tried();
    await expect.poll(tried, isPatient).toBeGreaterThan(before);
    await background.stop();
    expect(Math.max(...delays)).toBeLessThan(1000);
  },
  30_000,
);

test(
  'of many endpoints half are dead, and every other one has its event long before the dead are through',
  async () => {
    const count = isDeep ? 10_000 : 800;
    await using hanging = await openRawReceiver();
    const refusing = await deadUrl();
    await using it = await openSending({ clock: systemClock, timeoutMs: 15_000 });
    const urls = Array.from({ length: count }, (_, index) => {
      if (index % 2 === 0) return `${it.receiver.url}/${index}`;
      return index % 4 === 1 ? hanging.url : refusing;
    });
    const secret = await makeEndpoints(it, urls);
    for (let index = 0; index < count; index += 2) it.trust(`/${index}`, secret);
    await makeBacklog(it, { count: 1, now: systemClock() });
    await wakeAll(it);
    const background = await it.app.start();
    const from = performance.now();
    await expect
      .poll(() => it.receiver.received.length, { interval: 20, timeout: 120_000 })
      .toBe(count / 2);
    expect(performance.now() - from).toBeLessThan(isDeep ? 90_000 : 12_000);
    expect(new Set(it.receiver.received.map(({ path }) => path)).size).toBe(count / 2);

    const stopping = performance.now();
    await background.stop();
    expect(performance.now() - stopping).toBeLessThan(6000);
  },
  isDeep ? 180_000 : 30_000,
);
