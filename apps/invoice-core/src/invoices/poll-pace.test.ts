import { describe, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs, openHinted } from './hinted-under-test.ts';
import { nextPollAt } from './poll-times.ts';

const pace = { everyMs: 1100, patienceMs: 15_000 };

describe('a provider is asked', () => {
  const every = (webhookAuthenticated: boolean, paced: boolean, age = 0): number =>
    nextPollAt({ webhookAuthenticated, pace: paced ? pace : null }, { since: 0, now: age }) - age;

  test('less often when its webhooks can be relied on, or it takes only so many questions', () => {
    expect(every(false, false)).toBe(minuteMs);
    expect(every(false, true)).toBe(5 * minuteMs);
    expect(every(true, false)).toBe(15 * minuteMs);
    expect(every(true, true)).toBe(15 * minuteMs);
  });

  test('again soon while it says that money is on its way, and less often the longer it says so', () => {
    const minutesAfter = (minutes: number): number => {
      const now = 8 * hourMs;
      const times = { since: 0, processingSince: now - minutes * minuteMs, now };
      return (nextPollAt({ webhookAuthenticated: false, pace }, times) - now) / minuteMs;
    };
    expect([0, 6, 8, 16, 480, 10_000].map(minutesAfter)).toEqual([1, 1, 1, 2, 60, 60]);
    const slow = { everyMs: 90_000, patienceMs: 0 };
    const times = { since: 0, processingSince: 0, now: 0 };
    expect(nextPollAt({ webhookAuthenticated: false, pace: slow }, times)).toBe(90_000);
    expect(nextPollAt({ webhookAuthenticated: true, pace: null }, times)).toBe(15 * minuteMs);
  });

  test('less often about what is older', () => {
    expect(every(false, true, 40 * minuteMs)).toBe(5 * minuteMs);
    expect(every(false, true, 8 * hourMs)).toBe(hourMs);
  });
});

describe('what is unpaid', () => {
  const ends = { pace, watchMs: 7 * dayMs };

  test('is asked about until its end, at it, and for as long after it as it can be paid', async () => {
    await using core = await openHinted(ends);
    await core.goOn(7 * dayMs, 5 * minuteMs);
    const times = core.asked.map(({ ms }) => ms);
    const first = Array.from({ length: 8 }, (_, n) => (n + 1) * 5 * minuteMs);
    expect(times.slice(0, 8)).toEqual(first);
    expect(times).toContain(hourMs);
    const gaps = times.slice(1).map((ms, n) => ms - (times[n] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(dayMs);
    expect(times.at(-1)).toBeGreaterThan(5 * dayMs);
    expect(times.length).toBeLessThan(70);

    await core.goOn(3 * dayMs, hourMs);
    const afterwards = core.asked.length;
    expect(core.asked.at(-1)?.ms).toBeLessThanOrEqual(hourMs + 7 * dayMs);
    await core.goOn(10 * dayMs, hourMs);
    expect(core.asked).toHaveLength(afterwards);
    const jobs = await core.store.read.selectFrom('jobs').select('kind').execute();
    expect(jobs).toEqual([]);
  }, 60_000);

  test('and paid days after its end without a word is found, and late', async () => {
    await using core = await openHinted(ends);
    await core.goOn(2 * dayMs, hourMs);
    expect(await core.get()).toMatchObject({ status: 'expired' });
    await core.bitsby.pay('hint_1');
    await core.goOn(2 * dayMs, hourMs);
    expect(await core.get()).toMatchObject({ status: 'paid', exception: 'late' });
    const { length } = core.asked;
    await core.goOn(dayMs, hourMs);
    expect(core.asked).toHaveLength(length);
  });

  test('is asked about no more where nothing can be paid after its end', async () => {
    await using core = await openHinted({ pace });
    await core.goOn(hourMs + minuteMs);
    const { length } = core.asked;
    await core.goOn(dayMs, hourMs);
    expect(core.asked).toHaveLength(length);
  });

  test('and was canceled at the provider is watched as long', async () => {
    await using core = await openHinted(ends);
    await core.bitsby.cancel('hint_1');
    await core.goOn(10 * minuteMs);
    expect(await core.get()).toMatchObject({ status: 'canceled' });
    await core.bitsby.pay('hint_1');
    await core.goOn(dayMs, hourMs);
    expect(await core.get()).toMatchObject({ status: 'paid', exception: 'late' });
  });
});

test('a look that finds no turn is taken again', async () => {
  await using core = await openHinted({ pace });
  const { find } = core.bitsby.provider;
  let fails = 2;
  core.bitsby.provider.find = async (input) => {
    const { waitMs } = await core.app.core.pace.takeTurn({
      lane: 'bitsby',
      everyMs: 1100,
      patienceMs: fails > 0 ? 0 : 15_000,
    });
    fails -= 1;
    expect(waitMs).toBe(0);
    return find(input);
  };
  await core.app.core.pace.takeTurn({ lane: 'bitsby', everyMs: 50_000, patienceMs: 0 });
  await core.bitsby.pay('hint_1');
  await core.goOn(30 * minuteMs);
  expect(await core.get()).toMatchObject({ status: 'paid' });
});

test('what was seen is handed back to the provider, also for an act', async () => {
  await using core = await openHinted();
  const { app, bitsby, caller } = core;
  const seen = (await core.get()).providerData;
  expect(seen).toContain('uid_1');
  await core.goOn(minuteMs);
  expect(core.asked).toEqual([{ ms: minuteMs, hints: [], isUrgent: false, object: seen }]);
  const { act } = bitsby.provider;
  const objects: unknown[] = [];
  bitsby.provider.act = (input) => {
    objects.push(input.object);
    return act(input);
  };
  await app.core.invoices.cancel({ caller, id: 1, idempotencyKey: null });
  expect(objects).toEqual([seen]);
});
