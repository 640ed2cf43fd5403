import { RetrySchedule } from '@quittance/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  givenUpAfterMs,
  longestSilenceMs,
  nextTryAt,
  throttledUntil,
} from './delivery-schedule.ts';

const hour = 3_600_000;
const random = fc.double({ min: 0, max: 1, noNaN: true });
const now = Date.UTC(2026, 0, 1);

/** What DESIGN section 5 and Standard Webhooks say, and what Bitsby's documentation does, in seconds. */
const schedules = {
  standard: [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400],
  bitsby: [300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400],
};

describe.each(RetrySchedule.options)('the schedule %s', (retries) => {
  const seconds = schedules[retries];
  const after = (tries: number, jitter = 0, retryAfterMs: number | null = null) =>
    nextTryAt({ retries, tries, random: jitter, now, retryAfterMs });
  const delayAfter = (...asked: Parameters<typeof after>): number =>
    (after(...asked) ?? Infinity) - now;
  const anyTry = fc.integer({ min: 1, max: seconds.length });

  test('has as many tries at its times, then none', () => {
    expect(seconds.map((_, index) => delayAfter(index + 1) / 1000)).toEqual(seconds);
    expect(after(seconds.length + 1)).toBeNull();
    expect(after(seconds.length + 1, 0, hour)).toBeNull();
  });

  test('has jitter that only adds, up to a tenth, and never makes a later delay the shorter', () => {
    fc.assert(
      fc.property(anyTry, random, random, (tries, one, other) => {
        const least = (seconds[tries - 1] ?? 0) * 1000;
        expect(delayAfter(tries, one)).toBeGreaterThanOrEqual(least);
        expect(delayAfter(tries, one)).toBeLessThanOrEqual(least * 1.1);
        expect(delayAfter(tries + 1, other)).toBeGreaterThan(delayAfter(tries, one));
      }),
    );
  });

  test('gives way to what an endpoint asks for where that is longer, up to a day', () => {
    const anyWait = fc.integer({ min: 1, max: 100 * 24 * hour });
    fc.assert(
      fc.property(anyTry, random, anyWait, (tries, jitter, retryAfterMs) => {
        const asked = Math.min(retryAfterMs, 24 * hour);
        const expected = Math.max(delayAfter(tries, jitter), asked);
        expect(delayAfter(tries, jitter, retryAfterMs)).toBe(expected);
      }),
    );
  });

  test('has no silence so long that an endpoint which fails all along would not be noticed', () => {
    const longest = Math.max(...seconds.map((_, index) => delayAfter(index + 1, 1)));
    expect(longestSilenceMs).toBeGreaterThan(longest);
    expect(longestSilenceMs).toBeLessThan(givenUpAfterMs);
  });
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
