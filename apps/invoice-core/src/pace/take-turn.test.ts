import { describe, expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';

const pace = { everyMs: 1100, patienceMs: 15_000 };

const take = ({ app }: Pick<CoreUnderTest, 'app'>, change: Partial<typeof pace> = {}, lane = 'a') =>
  app.core.pace.takeTurn({ lane, ...pace, ...change });

const tooFar = { code: 'unavailable', message: 'Too many calls are waiting for their turn' };

describe('turns of a lane', () => {
  test('come one after the other, in the order of asking, at once or later', async () => {
    await using core = await openCore();
    expect(await take(core)).toEqual({ waitMs: 0 });
    const turns = await Promise.all([take(core), take(core)]);
    expect(turns).toEqual([{ waitMs: 1100 }, { waitMs: 2200 }]);
    core.clock.advance(3000);
    expect(await take(core)).toEqual({ waitMs: 300 });
    core.clock.advance(300 + 1099);
    expect(await take(core)).toEqual({ waitMs: 1 });
    core.clock.advance(60_000);
    expect(await take(core)).toEqual({ waitMs: 0 });
    expect(await take(core)).toEqual({ waitMs: 1100 });
  });

  test('are their own', async () => {
    await using core = await openCore();
    await take(core);
    expect(await take(core, {}, 'b')).toEqual({ waitMs: 0 });
    expect(await take(core)).toEqual({ waitMs: 1100 });
  });

  test('are given once, whichever core gives them, and after a restart', async () => {
    await using core = await openCore();
    const apps = [core.app, await core.restart(), await core.restart()];
    const turns = await Promise.all(
      Array.from({ length: 12 }, (_, n) => take({ app: apps[n % 3] ?? core.app })),
    );
    const waits = turns.map(({ waitMs }) => waitMs).toSorted((a, b) => a - b);
    expect(waits).toEqual(Array.from({ length: 12 }, (_, n) => n * 1100));
  });
});

describe('a turn that is too far off', () => {
  test('is not taken, and others whose patience is longer get it', async () => {
    await using core = await openCore();
    const patience = { patienceMs: 2200 };
    for (const waitMs of [0, 1100, 2200]) expect(await take(core, patience)).toEqual({ waitMs });
    await expect(take(core, patience)).rejects.toMatchObject(tooFar);
    await expect(take(core, { patienceMs: 3299 })).rejects.toMatchObject(tooFar);
    expect(await take(core, { patienceMs: 3300 })).toEqual({ waitMs: 3300 });
    core.clock.advance(2200);
    expect(await take(core, patience)).toEqual({ waitMs: 2200 });
  });

  test('is one after it where there is no patience', async () => {
    await using core = await openCore();
    expect(await take(core, { patienceMs: 0 })).toEqual({ waitMs: 0 });
    await expect(take(core, { patienceMs: 0 })).rejects.toMatchObject(tooFar);
    core.clock.advance(1100);
    expect(await take(core, { patienceMs: 0 })).toEqual({ waitMs: 0 });
  });
});

test.each([120_000, 7_200_000])(
  'a clock that was set back by %i ms holds up nobody',
  async (ms) => {
    await using core = await openCore();
    core.clock.advance(ms);
    await take(core);
    core.clock.advance(-ms);
    expect(await take(core)).toEqual({ waitMs: 0 });
    expect(await take(core)).toEqual({ waitMs: 1100 });
  },
);
