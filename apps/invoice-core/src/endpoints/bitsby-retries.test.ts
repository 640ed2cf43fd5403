import { describe, expect, test } from 'vitest';
import { createBitsby, openShop, payBitsby } from './bitsby-under-test.ts';
import { deliveriesOf } from './endpoints-under-test.ts';
import { answering } from './receiver-under-test.ts';
import { statesOf } from './sending-under-test.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('a try', () => {
  test('succeeds by 200 alone, and is repeated on Bitsby’s schedule until then', async () => {
    const { it, project } = await openShop();
    await using _ = it;
    it.answer(answering(204));
    await createBitsby(it, project);
    await payBitsby(it, project);
    await it.app.work();
    expect(await deliveriesOf(it)).toMatchObject([{ state: 'pending', attempts: 1 }]);
    for (const [status, least] of [
      [201, 5 * minute],
      [500, 15 * minute],
      [200, 30 * minute],
    ] as const) {
      it.answer(answering(status));
      const waited = await it.pass();
      expect(waited).toBeGreaterThanOrEqual(least);
      expect(waited).toBeLessThanOrEqual(least * 1.1);
    }
    expect(await deliveriesOf(it)).toMatchObject([{ state: 'succeeded', attempts: 4 }]);
    expect(new Set(it.receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(it.arrived('/shop')).size).toBe(1);
  });

  test('is the last after eight more, within two days and a bit', async () => {
    const { it, project, endpoint } = await openShop();
    await using _ = it;
    it.answer(answering(500));
    await createBitsby(it, project);
    await payBitsby(it, project);
    await it.app.work();
    const began = it.clock.now();
    const isPending = async () => (await deliveriesOf(it))[0]?.state === 'pending';
    while (await isPending()) await it.pass();
    expect(await deliveriesOf(it)).toMatchObject([{ state: 'failed', attempts: 9 }]);
    expect(it.clock.now() - began).toBeGreaterThanOrEqual(46 * hour + 50 * minute);
    expect(it.clock.now() - began).toBeLessThanOrEqual(1.1 * (46 * hour + 50 * minute));
    const { caller } = it;
    expect(await it.app.core.endpoints.get({ caller, id: endpoint.id })).toMatchObject({
      disabled: null,
      failingSince: new Date(began).toISOString(),
    });
  });

  test('keeps to the schedule of now, also where that is the shorter', async () => {
    const { it, project, endpoint } = await openShop({ retries: 'standard' });
    await using _ = it;
    it.answer(answering(500));
    await createBitsby(it, project);
    await payBitsby(it, project);
    await it.app.work();
    expect(await it.pass()).toBeLessThan(minute);
    const ofCaller = { caller: it.caller, id: endpoint.id };
    await it.app.core.endpoints.update({ ...ofCaller, retries: 'bitsby' });
    await it.pass();
    expect(await it.pass()).toBeLessThan(hour);
    await it.store.write((tx) => tx.updateTable('deliveries').set({ tries: 9 }).execute());
    await it.pass();
    expect(statesOf(await deliveriesOf(it))).toEqual(['failed']);
  });
});

test('five days in which nothing arrives disable it, on Bitsby’s schedule too', async () => {
  const { it, project, endpoint } = await openShop();
  await using _ = it;
  it.answer(answering(500));
  const began = it.clock.now();
  const ofCaller = { caller: it.caller, id: endpoint.id };
  const paidOn = async (afterMs: number, number: number): Promise<string | null> => {
    it.clock.advance(began + afterMs - it.clock.now());
    await createBitsby(it, project);
    await payBitsby(it, project, { ref: `hint_${number}` });
    await it.app.work();
    return (await it.app.core.endpoints.get(ofCaller)).disabled;
  };
  for (let days = 0; days < 5; days += 1) expect(await paidOn(days * day, days + 1)).toBeNull();
  expect(await paidOn(5 * day - 1, 6)).toBeNull();
  expect(await paidOn(5 * day, 7)).toBe('failing');
});
