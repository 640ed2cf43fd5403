import { DomainError } from '@quittance/rpc';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exponentOf } from './currency.ts';
import { formatDecimal, parseDecimal } from './money.ts';

const currency = fc.constantFrom('JPY', 'USD', 'KWD', 'CLF', 'XTR', 'BBP');
const money = fc.record({ amount: fc.nat({ max: Number.MAX_SAFE_INTEGER }), currency });

describe('decimals', () => {
  test('what is written is read back exactly, in every exponent', () => {
    fc.assert(
      fc.property(money, (value) => {
        expect(parseDecimal(formatDecimal(value), value.currency)).toBe(value.amount);
      }),
    );
  });

  test('reading agrees with integer arithmetic on the digits', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 99 }), (whole, cents) => {
        const text = `${whole}.${String(cents).padStart(2, '0')}`;
        expect(BigInt(parseDecimal(text, 'USD'))).toBe(BigInt(whole) * 100n + BigInt(cents));
      }),
    );
  });

  test('more decimals than the currency has are refused, whatever they are; zeros are not decimals', () => {
    fc.assert(
      fc.property(currency, fc.nat(), fc.integer({ min: 1, max: 9 }), (code, whole, digit) => {
        const places = '0'.repeat(exponentOf(code));
        expect(() => parseDecimal(`${whole}.${places}${digit}`, code)).toThrow('more decimals');
        expect(parseDecimal(`${whole}.${places}000`, code)).toBe(parseDecimal(`${whole}`, code));
      }),
    );
  });

  test.each(['', ' 1', '1 ', '-1', '+1', '1e3', '1,5', '.5', '5.', 'NaN', 'Infinity', '0x10', '١'])(
    'refuses %j',
    (text) => {
      expect(() => parseDecimal(text, 'USD')).toThrow(DomainError);
    },
  );

  test.each(['9'.repeat(65), `0.${'0'.repeat(63)}`, `0.${'0'.repeat(1_000_000)}1`])(
    'refuses what nobody writes before it is read: %#',
    (text) => {
      expect(() => parseDecimal(text, 'USD')).toThrow('must be a plain decimal number');
    },
  );

  test('refuses what an integer cannot hold exactly', () => {
    expect(() => parseDecimal('90071992547409.92', 'USD')).toThrow('too large');
    expect(parseDecimal('90071992547409.91', 'USD')).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('a refusal names the field', () => {
    expect(() => parseDecimal('20.505', 'USD')).toThrow(
      expect.objectContaining({ code: 'invalid_request', param: 'amount' }),
    );
  });
});
