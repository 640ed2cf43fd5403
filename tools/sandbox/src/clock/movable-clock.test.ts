import { followClock } from '@quittance/runtime';
import { expect, test } from 'vitest';
import { clockFileIn } from '../config.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { createMovableClock } from './movable-clock.ts';

test('what a move sets off finds every process that follows at the new time', async () => {
  using folder = temporaryFolder();
  const file = clockFileIn(folder.path);
  const unmoved = () => 0;
  const clock = createMovableClock({ unmoved, file });
  const follower = followClock(file, { clock: unmoved });
  const seen: number[] = [];
  clock.onMoved(() => seen.push(follower()));
  await clock.advance(1_000);
  await clock.advance(500);
  await clock.reset();
  expect(seen).toEqual([1_000, 1_500, 0]);
});
