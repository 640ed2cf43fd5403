import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { minuteMs, openHinted } from '../invoices/hinted-under-test.ts';

test('a call that takes as long as calls may is made by one process alone', async () => {
  await using core = await openHinted();
  const held = Promise.withResolvers<void>();
  const { find } = core.bitsby.provider;
  const calls: string[] = [];
  core.bitsby.provider.find = async (input) => {
    calls.push(input.by);
    await held.promise;
    return find(input);
  };
  core.clock.advance(minuteMs);
  const first = core.app.work();
  while (calls.length === 0) await setImmediate();
  const other = await core.restart();
  core.clock.advance(2 * minuteMs);
  await other.work();
  expect(calls).toEqual(['ref']);
  held.resolve();
  await first;
});
