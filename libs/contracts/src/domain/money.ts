import { DomainError } from '@quittance/rpc';
import { z } from 'zod';
import { Currency, exponentOf } from './currency.ts';

/** An amount in minor units (cents, yen, Stars), never negative, never a fraction. */
export const MinorUnits = z.int().min(0);

export const Money = z.object({ amount: MinorUnits, currency: Currency });
export type Money = z.infer<typeof Money>;

/** No amount is written longer; what is would take long to read. */
const longest = 64;

const plainDecimal = /^(\d+)(?:\.(\d+))?$/;

const refuse = (message: string): never => {
  throw new DomainError('invalid_request', message, { param: 'amount' });
};

/**
 * Reads a decimal such as `20.50` as text, exactly. Zeros past the currency's decimals carry no value and are taken.
 * @returns minor units
 * @throws DomainError `invalid_request` with param `amount`: not a plain decimal, more decimals than the currency
 * has, or too large to be exact. Nothing is ever rounded.
 */
export const parseDecimal = (text: string, currency: Currency): number => {
  const [, whole, fraction = ''] = text.length > longest ? [] : (plainDecimal.exec(text) ?? []);
  if (whole === undefined) return refuse('must be a plain decimal number such as 20.50');
  const exponent = exponentOf(currency);
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > exponent) {
    return refuse(`has more decimals than ${currency}, which has ${exponent}`);
  }
  const amount = Number(whole + significant.padEnd(exponent, '0'));
  if (!Number.isSafeInteger(amount)) return refuse('is too large');
  return amount;
};

/** Writes minor units as a decimal with exactly the currency's decimals, e.g. `20.50`. */
export const formatDecimal = ({ amount, currency }: Money): string => {
  const exponent = exponentOf(currency);
  const digits = String(amount).padStart(exponent + 1, '0');
  return exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
};
