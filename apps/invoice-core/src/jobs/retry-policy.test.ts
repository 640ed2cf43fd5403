import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryDelay } from './retry-policy.ts';

test('a delay lies between half and all of the doubled delay, and never above the longest', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempt, random) => {
        const delay = retryDelay({ firstMs: 1000, maxMs: 60_000 }, attempt, random);
        const full = Math.min(60_000, 1000 * 2 ** (attempt - 1));
        expect(delay).toBeGreaterThanOrEqual(full / 2);
        expect(delay).toBeLessThanOrEqual(full);
        expect(delay).toBe(Math.round(full * (0.5 + random / 2)));
      },
    ),
  );
});
