import type { StarTransaction } from '@quittance/contracts/telegram';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createStarHistory, pageSize } from './star-history.ts';
import { createStarMovements } from './star-movements.ts';

/** What Telegram shows by offset, at which offsets it was asked, and after how many questions it fails. */
const telegramWith = (transactions: readonly StarTransaction[]) => {
  const all = [...transactions];
  const asked: number[] = [];
  const patience = { left: Infinity };
  const history = createStarHistory((offset) => {
    patience.left -= 1;
    if (patience.left < 0) return Promise.reject(new Error('Too long'));
    asked.push(offset);
    return Promise.resolve(all.slice(offset, offset + pageSize));
  });
  const movementsOf = createStarMovements(history);
  return { all, asked, patience, movementsOf };
};

const partner = (invoice_payload: string) => ({ type: 'user', user: { id: 7 }, invoice_payload });
const payment = (ref: string, date: number, id = `${ref}-${date}`): StarTransaction => ({
  id,
  amount: 1,
  date,
  source: partner(ref),
});
const refundOf = ({ id, amount }: StarTransaction, date: number): StarTransaction => ({
  id,
  amount,
  date,
  receiver: { type: 'user', user: { id: 7 } },
});
const others = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => payment('other', from + index));

const anyHistory = fc.array(
  fc.record({ step: fc.nat(3), ref: fc.constantFrom('a', 'b', 'c'), refund: fc.nat(4) }),
  { minLength: 0, maxLength: 450 },
);

test('finds what was paid for an invoice and given back, in any history and however often asked while it grows', async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, fc.array(fc.nat(450), { maxLength: 4 }), async (steps, looks) => {
      const whole: StarTransaction[] = [];
      let date = 0;
      for (const { step, ref, refund } of steps) {
        date += step;
        const paid = whole.at(-refund);
        if (refund > 0 && paid?.source) whole.push(refundOf(paid, date));
        else whole.push(payment(ref, date, String(whole.length)));
      }
      const { all, movementsOf } = telegramWith([]);
      for (const look of [...looks.toSorted((a, b) => a - b), whole.length]) {
        all.push(...whole.slice(all.length, look));
        const of = new Set(
          all.filter(({ source }) => source?.invoice_payload === 'a').map(({ id }) => id),
        );
        expect(await movementsOf('a', 0)).toEqual(all.filter(({ id }) => of.has(id)));
      }
    }),
    { numRuns: 100 },
  );
});

test('in a long history the time of an invoice is found by some twenty questions', async () => {
  const { asked, movementsOf, all } = telegramWith(others(1_000_000));
  all.push(payment('ours', 1_000_000));
  expect(await movementsOf('ours', 999_950)).toMatchObject([{ id: 'ours-1000000' }]);
  expect(asked.length).toBeLessThan(32);
});

test('the time is found exactly: nothing before it is read, nothing at it is missed', async () => {
  for (const at of [0, 99, 100, 101, 4_999, 5_000, 12_300, 12_399]) {
    const history = others(12_400);
    history[at] = payment('ours', at);
    const { movementsOf } = telegramWith(history);
    expect(await movementsOf('ours', at)).toHaveLength(1);
  }
  const history = others(12_400);
  history[50] = payment('ours', 50);
  expect(await telegramWith(history).movementsOf('ours', 12_000)).toEqual([]);
});

test('pages of one second are all read, and so is a last page that is full', async () => {
  const same = Array.from({ length: 350 }, (_, index) => payment('ours', 50, String(index)));
  expect(await telegramWith([...others(50), ...same]).movementsOf('ours', 50)).toHaveLength(350);
  expect(await telegramWith(same.slice(0, 100)).movementsOf('ours', 50)).toHaveLength(100);
  expect(await telegramWith([]).movementsOf('ours', 50)).toEqual([]);
  const { asked, movementsOf } = telegramWith(others(50));
  expect(await movementsOf('ours', 1_000)).toEqual([]);
  expect(asked).toEqual([0, 0]);
});

test('a look begins where the one before ended, so that only the end is asked again', async () => {
  const { all, asked, movementsOf } = telegramWith(others(12_345));
  await movementsOf('ours', 10_000);
  asked.length = 0;
  expect(await movementsOf('ours', 10_000)).toEqual([]);
  all.push(payment('ours', 12_345));
  expect(await movementsOf('ours', 10_000)).toHaveLength(1);
  expect(asked).toEqual([12_300, 12_300]);
});

test('a look that is cut off is gone on with, however long the history since', async () => {
  const paid = payment('ours', 100);
  const { patience, movementsOf } = telegramWith([
    ...others(100),
    paid,
    ...others(60_000, 101),
    refundOf(paid, 70_000),
  ]);
  let failures = 0;
  const look = async (): Promise<readonly StarTransaction[]> => {
    patience.left = 50;
    try {
      return await movementsOf('ours', 100);
    } catch {
      failures += 1;
      return look();
    }
  };
  expect(await look()).toEqual([paid, refundOf(paid, 70_000)]);
  expect(failures).toBeGreaterThan(5);
  expect(failures).toBeLessThan(20);
});
