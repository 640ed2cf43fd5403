import { expect, test } from 'vitest';
import { createSleeper } from './sleeper.ts';
import { createTestTimers } from './timers-under-test.ts';

test('whoever is woken before going to sleep does not sleep, once', async () => {
  const timers = createTestTimers();
  const { sleep, wake } = createSleeper(timers.setTimer);
  wake();
  await sleep(1000);
  const second = sleep(1000);
  expect(timers.waiting()).toEqual([1000]);
  wake();
  await second;
  expect(timers.waiting()).toEqual([]);
});
