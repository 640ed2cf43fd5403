import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextTryAt, throttledUntil } from './delivery-schedule.ts';

const hour = 3_600_000;
const random = fc.double({ min: 0, max: 1, noNaN: true });
const now = Date.UTC(2026, 0, 1);

/** What DESIGN section 5 and Standard Webhooks say, in seconds. */
const seconds = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

const delayAfter = (tries: number, jitter = 0, retryAfterMs: number | null = null): number =>
  (nextTryAt({ tries, random: jitter, now, retryAfterMs }) ?? Infinity) - now;

test('ten tries at the times of Standard Webhooks, then none', () => {
  expect(seconds.map((_, index) => delayAfter(index + 1) / 1000)).toEqual(seconds);
  expect(nextTryAt({ tries: 10, random: 0, now, retryAfterMs: null })).toBeNull();
  expect(nextTryAt({ tries: 10, random: 0, now, retryAfterMs: hour })).toBeNull();
});

test('jitter only adds, up to a tenth, and never makes a later delay the shorter', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), random, random, (tries, one, other) => {
      const least = (seconds[tries - 1] ?? 0) * 1000;
      expect(delayAfter(tries, one)).toBeGreaterThanOrEqual(least);
      expect(delayAfter(tries, one)).toBeLessThanOrEqual(least * 1.1);
      expect(delayAfter(tries + 1, other)).toBeGreaterThan(delayAfter(tries, one));
    }),
  );
});

test('what an endpoint asks for counts where it is longer, up to a day', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      random,
      fc.integer({ min: 1, max: 100 * 24 * hour }),
      (tries, jitter, retryAfterMs) => {
        const asked = Math.min(retryAfterMs, 24 * hour);
        const expected = Math.max(delayAfter(tries, jitter), asked);
        expect(delayAfter(tries, jitter, retryAfterMs)).toBe(expected);
      },
    ),
  );
});

test.each([
  [429, null, 5000],
  [429, 1000, 5000],
  [429, 60_000, 60_000],
  [429, 1000 * hour, 24 * hour],
  [502, 60_000, 60_000],
  [503, 60_000, 60_000],
  [504, 60_000, 60_000],
  [503, null, null],
  [500, 60_000, null],
  [200, 60_000, null],
  [null, null, null],
])(
  'after %s with %s ms to wait, the endpoint is left alone for %s ms',
  (httpStatus, ms, expected) => {
    const until = throttledUntil({ httpStatus, retryAfterMs: ms, now });
    expect(until).toBe(expected === null ? null : now + expected);
  },
);
