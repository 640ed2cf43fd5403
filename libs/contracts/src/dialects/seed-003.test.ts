import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TimeToPay } from '../domain/provider.ts';
import { Seed003Create } from './seed-003.ts';

const order = {
  projectId: '9deea1e2-0c08-41a3-bdc2-a34eada3892d',
  amountFiat: '10.55',
  currencyFiat: 'EUR',
  timeToPay: '6',
};

const issueOf = (change: Record<string, unknown>) =>
  Seed003Create.safeParse({ ...order, ...change }).error?.issues[0];

const zeros = fc.nat({ max: 30 }).map((count) => '0'.repeat(count));
const anyDecimal = fc
  .tuple(
    fc.constantFrom('', '-', '+', ' '),
    fc.stringMatching(/^\d{0,16}$/),
    fc.option(fc.stringMatching(/^\d{0,5}$/)),
    fc.constantFrom('', '', 'e0', 'e3', ' ', '%', '.0'),
  )
  .map(
    ([sign, whole, fraction, end]) =>
      `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${end}`,
  );

const places = 40;
const one = 10n ** BigInt(places);

/** A plain decimal in units of 10^-40, exactly; undefined for what is none. */
const exactly = (text: string): bigint | undefined => {
  const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return whole === '' ? undefined : BigInt(whole + fraction.padEnd(places, '0'));
};

describe('amountFiat', () => {
  test('is exact to the cent, whatever zeros follow', () => {
    const cents = fc.integer({ min: 1, max: 999_999_999_999_999 });
    fc.assert(
      fc.property(cents, zeros, (amount, more) => {
        const digits = String(amount).padStart(3, '0');
        const amountFiat = `${digits.slice(0, -2)}.${digits.slice(-2)}${more}`;
        expect(Seed003Create.parse({ ...order, amountFiat }).amountFiat).toBe(amount);
      }),
    );
  });

  test('is refused unless it says an amount of whole cents above zero', () => {
    fc.assert(
      fc.property(fc.oneof(anyDecimal, fc.string()), (amountFiat) => {
        const value = exactly(amountFiat) ?? 0n;
        const isAmount = value > 0n && value % (one / 100n) === 0n && !/^\d{14}/.test(amountFiat);
        const issue = issueOf({ amountFiat });
        expect(issue?.path).toEqual(isAmount ? undefined : ['amountFiat']);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('timeToPay', () => {
  const times = TimeToPay.options.map(({ value }) => value);
  const hoursExactly = new Set(times.map((hours) => exactly(String(hours))));

  test('is each of the hours, whatever zeros follow', () => {
    fc.assert(
      fc.property(fc.constantFrom(...times), zeros, (hours, more) => {
        const point = Number.isInteger(hours) && more !== '' ? '.' : '';
        const timeToPay = `${hours}${point}${more}`;
        expect(Seed003Create.parse({ ...order, timeToPay }).timeToPay).toBe(hours);
      }),
    );
  });

  test('is refused when it is none of them, however near', () => {
    const near = fc
      .tuple(fc.constantFrom(...times), fc.stringMatching(/^[.0-9e-]{1,25}$/))
      .map(([hours, more]) => `${hours}${more}`);
    fc.assert(
      fc.property(fc.oneof(anyDecimal, near), (timeToPay) => {
        const isOne = hoursExactly.has(exactly(timeToPay)) && !/^0\d/.test(timeToPay);
        expect(issueOf({ timeToPay })?.path).toEqual(isOne ? undefined : ['timeToPay']);
      }),
      { numRuns: 2000 },
    );
  });
});
