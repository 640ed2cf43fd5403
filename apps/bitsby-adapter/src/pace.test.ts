import { randomUUID } from 'node:crypto';
import { DomainError } from '@quittance/rpc';
import { expect, test } from 'vitest';
import { until, withPaced } from './paced-under-test.ts';

const tooFrequent = '{"result":"error","data":"Requests too frequent"}';

const times = (arrivals: readonly { at: number }[]): number[] => arrivals.map(({ at }) => at);

test('requests of all replicas come one after the other, at the pace', () =>
  withPaced(async ({ replicas, order, arrivals, waiting, endWaits }) => {
    const opens = Array.from({ length: 10 }, (_, id) =>
      replicas[id % 2 === 0 ? 0 : 1].open(order(id + 1)),
    );
    await until(() => waiting.length === 9);
    await endWaits(9);
    await Promise.all(opens);
    expect(times(arrivals)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((s) => s * 1_000));
  }));

test('what would have to wait longer than it may is not sent', () =>
  withPaced(
    async ({ replicas: [provider], order, arrivals, endWaits }) => {
      const opens = [1, 2, 3, 4, 5, 6].map((id) => provider.open(order(id)));
      const settled = Promise.allSettled(opens);
      await expect(opens[4]).rejects.toMatchObject({
        code: 'unavailable',
        message: 'Nothing can be asked of Bitsby now: Too many calls are waiting for their turn',
      });
      await endWaits(3);
      expect((await settled).map(({ status }) => status === 'fulfilled')).toEqual([
        true,
        true,
        true,
        true,
        false,
        false,
      ]);
      expect(times(arrivals)).toEqual([0, 1_000, 2_000, 3_000]);
    },
    { patienceMs: 3_000 },
  ));

test('polls give way to what somebody waits for', () =>
  withPaced(async ({ replicas: [provider], order, arrivals, asked, waiting, endWaits }) => {
    const opens = [1, 2, 3, 4].map((id) => provider.open(order(id)));
    await until(() => waiting.length === 3);
    const known = { ref: randomUUID(), object: null };
    const poll = provider.find({ by: 'ref', ...known, hints: [], isUrgent: false });
    await expect(poll).rejects.toMatchObject({ code: 'unavailable' });

    const hinted = provider.find({ by: 'ref', ...known, hints: ['{}'], isUrgent: true });
    const opened = provider.find({ by: 'open', open: order(5) });
    const cancel = provider.act({ ...known, key: 'cancel', act: { kind: 'cancel' } });
    await endWaits(6);
    await Promise.all([...opens, hinted, opened, cancel]);
    expect(times(arrivals)).toEqual([0, 1, 2, 3, 4, 5, 6].map((s) => s * 1_000));
    expect(asked.map(({ patienceMs }) => patienceMs)).toEqual([
      15_000, 15_000, 15_000, 15_000, 2_000, 7_500, 15_000, 15_000,
    ]);
  }));

test('too frequent requests wait for another turn each, and are made once', () =>
  withPaced(async ({ replicas: [provider], order, arrivals, script, endWaits }) => {
    script.push(tooFrequent, tooFrequent);
    const open = provider.open(order(1));
    await endWaits(2);
    expect((await open).observation.facts).toMatchObject([{ state: 'awaiting' }, { kind: 'ends' }]);
    expect(times(arrivals)).toEqual([0, 1_000, 2_000]);
  }));

test('requests that stay too frequent end when patience does, and nothing happened', () =>
  withPaced(
    async ({ replicas: [provider], order, arrivals, script, asked, endWaits }) => {
      script.push(...Array.from({ length: 10 }, () => tooFrequent));
      const open = provider.open(order(1));
      const [settled] = await Promise.all([Promise.allSettled([open]), endWaits(3)]);
      expect(settled).toMatchObject([{ status: 'rejected', reason: { code: 'unavailable' } }]);
      expect(times(arrivals)).toEqual([0, 1_000, 2_000, 3_000]);
      expect(asked.map(({ patienceMs }) => patienceMs)).toEqual([3_500, 3_500, 2_500, 1_500, 500]);
    },
    { patienceMs: 3_500 },
  ));

test.each([
  new DomainError('outcome_unknown', 'A service of the hub gave no answer'),
  new DomainError('internal', 'Internal error'),
  new TypeError('takeTurn is not a function'),
])('without a turn nothing is sent, and nothing happened: %s', (failure) =>
  withPaced(
    async ({ replicas: [provider], order, arrivals }) => {
      await expect(provider.open(order(1))).rejects.toMatchObject({
        code: 'unavailable',
        message: 'Nothing can be asked of Bitsby now: the hub itself gave no turn',
      });
      const asked = provider.find({ by: 'open', open: order(1) });
      await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
      expect(arrivals).toEqual([]);
    },
    { pace: { takeTurn: () => Promise.reject(failure) } },
  ),
);

test('the lane is the key’s, and does not tell it', () =>
  withPaced(async ({ replicas, order, asked, endWaits }) => {
    const opens = replicas.map((provider, index) => provider.open(order(index + 1)));
    await endWaits(1);
    await Promise.all(opens);
    const lane = 'bitsby:bf4096655433f6d6';
    const turn = { lane, everyMs: 1_000, patienceMs: 15_000 };
    expect(asked).toEqual([turn, turn]);
  }));
