import { exponentOf } from '@quittance/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { currencyLimits, fromStripeAmount, toStripeAmount } from './currencies.ts';

test.each([
  ['USD', 2050, 2050],
  ['JPY', 500, 500],
  ['ISK', 5, 500],
  ['UGX', 5, 500],
  ['MGA', 500, 5],
  ['KWD', 5120, 5120],
])('%s: our %i is %i at Stripe', (currency, ours, stripes) => {
  expect(toStripeAmount({ amount: ours, currency })).toBe(stripes);
  expect(fromStripeAmount(stripes, currency.toLowerCase())).toEqual({ amount: ours, currency });
});

const collectable = fc
  .constantFrom(...Object.entries(currencyLimits))
  .chain(([currency, { max, step }]) =>
    fc.integer({ min: 1, max: max / step }).map((count) => ({ currency, amount: count * step })),
  );

test('every amount within the limits goes to Stripe and back unchanged, whole and in range', () => {
  fc.assert(
    fc.property(collectable, (money) => {
      const amount = toStripeAmount(money);
      expect(Number.isInteger(amount) && amount <= 99_999_999).toBe(true);
      expect(fromStripeAmount(amount, money.currency.toLowerCase())).toEqual(money);
      const step = exponentOf(money.currency) === 3 ? 10 : 1;
      expect(amount % step).toBe(0);
    }),
  );
});
