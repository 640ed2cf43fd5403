import { expect, test } from 'vitest';
import { createTestTiming } from './pace-under-test.ts';
import { patienceOf } from './patience.ts';

test('all requests of a call end before whoever made it has given up', async () => {
  const timing = createTestTiming();
  const patience = patienceOf({ config: { BITSBY_TIMEOUT_MS: 20_000 }, timing }, 30_000);
  expect(patience.next()).toBe(30_000);
  await timing.wait(20_000);
  expect(patience.next()).toBe(15_000);
  await timing.wait(15_000);
  expect(patience.next()).toBe(0);
  await timing.wait(1);
  expect(() => patience.next()).toThrow('Bitsby has taken too long');
});
