import { expect, test } from 'vitest';
import { isSamePayment } from './hint.ts';
import { isSameDecimal, readMoney } from './money.ts';

test.each([
  ['5.02', '5.02000000', true],
  ['5', '5.00', true],
  ['5.', '5', true],
  ['50', '5', false],
  ['5.02', '5.020000001', false],
  ['0.00', '0', true],
])('%s and %s are the same: %s', (a, b, isSame) => {
  expect(isSameDecimal(a, b)).toBe(isSame);
});

const megabyte = 1_000_000;
const zeros = '0'.repeat(megabyte);

/** How long something takes at its quickest, in ms. */
const quickest = (run: () => unknown): number =>
  Math.min(
    ...Array.from({ length: 3 }, () => {
      const start = performance.now();
      run();
      return performance.now() - start;
    }),
  );

test.each([
  ['zeros and something else', `0.${zeros}x`],
  ['zeros and a digit', `0.${zeros}1`],
  ['points', '.'.repeat(megabyte)],
])('a megabyte of %s is no amount, which takes no time to see', (_title, text) => {
  const payment = { id: 'p', hash: 'h', amount: '1.00' };
  // Reading each letter a hundred times would take longer, each for each other a thousand times as long.
  const aHundredTimes = quickest(() => {
    for (let time = 0; time < 100; time += 1) new TextEncoder().encode(text);
  });
  const taken = quickest(() => {
    expect(isSameDecimal(text, `${text}0`)).toBe(false);
    expect(isSamePayment(payment, { ...payment, amount: text })).toBe(false);
    expect(readMoney(text, 'USD')).toBeUndefined();
  });
  expect(taken).toBeLessThan(aHundredTimes);
});
