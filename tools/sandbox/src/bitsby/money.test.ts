import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cents, centsText, divided, units, unitsText } from './money.ts';

const amount = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });

test('amounts survive being written, whatever their size', () => {
  fc.assert(
    fc.property(amount, (value) => {
      expect(cents(centsText(value))).toBe(value);
      expect(units(unitsText(value))).toBe(value);
    }),
  );
});

test.each([
  ['10', 1_000n, '10.00'],
  ['10.5', 1_050n, '10.50'],
  ['0.01', 1n, '0.01'],
  ['-0.10', -10n, '-0.10'],
  ['-12.3', -1_230n, '-12.30'],
])('%s is %s cents and written %s', (text, value, written) => {
  expect(cents(text)).toBe(value);
  expect(centsText(value)).toBe(written);
});

test('divides to the nearest, and up from the half', () => {
  expect([0n, 1n, 2n, 3n, 4n, 5n, 6n].map((value) => divided(value, 4n))).toEqual([
    0n,
    0n,
    1n,
    1n,
    1n,
    1n,
    2n,
  ]);
});
