import { expect, test } from 'vitest';
import { z } from 'zod';
import { apiKey, withAdapter } from './adapter-under-test.ts';
import { createTestTiming } from './pace-under-test.ts';

const Report = z.object({ keys: z.array(z.object({ refused: z.int() })) });

/** The emulator's one request a second, in the time that the adapter waits by. */
const limited = () => {
  const timing = createTestTiming();
  const clock = () => 1_800_000_000_000 + timing.now();
  return { timing, clock, settings: { rateLimit: true } };
};

test('Bitsby has no reason to complain', () =>
  withAdapter(async ({ provider, order, pay, control, openedCount }) => {
    for (const id of [1, 2, 3, 4, 5]) {
      const ref = (await provider.open(order(id))).observation.ref ?? '';
      await pay(ref);
      await provider.find({ by: 'ref', ref, object: null, hints: [], isUrgent: false });
      await provider.find({ by: 'open', open: order(id + 100) });
    }
    expect(await openedCount()).toBe(5);
    expect(await control('GET', '/bitsby/pace')).toEqual({
      keys: [{ apiKey, accepted: 25, refused: 0, smallestGapMs: 1_000 }],
    });
  }, limited()));

test('another program with the same key costs turns, and doubles nothing', () =>
  withAdapter(async ({ provider, order, control, openedCount, url }) => {
    const other = () =>
      fetch(`${url}/billing/balances`, {
        method: 'POST',
        headers: { authorization: `Token ${apiKey}` },
      });
    for (const id of [1, 2, 3]) {
      await other();
      const { observation } = await provider.open(order(id));
      expect(observation.ref).not.toBeNull();
    }
    expect(await openedCount()).toBe(3);
    const { keys } = Report.parse(await control('GET', '/bitsby/pace'));
    expect(keys[0]?.refused).toBeGreaterThan(0);
  }, limited()));
