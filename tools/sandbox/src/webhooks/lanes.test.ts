import { expect, test } from 'vitest';
import { createLanes } from './lanes.ts';

test('runs so many at a time of one key, in order, and no key waits for another', async () => {
  const enter = createLanes(2);
  const entered: string[] = [];
  const started = ['a1', 'a2', 'a3', 'a4', 'b1'].map(async (name) => {
    const leave = await enter(name.slice(0, 1));
    entered.push(name);
    return leave;
  });
  await Promise.all([started[0], started[1], started[4]]);
  expect(entered).toEqual(['a1', 'a2', 'b1']);

  (await started[0])?.();
  await started[2];
  expect(entered).toEqual(['a1', 'a2', 'b1', 'a3']);
  (await started[1])?.();
  (await started[2])?.();
  (await started[3])?.();
  const leave = await enter('a');
  leave();
});
