import { z } from 'zod';
import { cents, centsText } from '../money.ts';
import { fiatCurrencies } from '../state.ts';

const oneOf = (values: readonly (string | number)[]): string =>
  `must be one of ${values.join(', ')}`;

export const uuid = z.guid('must be a UUID').toLowerCase();

export const text = z.string();

/** Of fiat money, as Bitsby writes it. */
export const amountFiat = z
  .string()
  .regex(
    /^(?=.*[1-9])\d{1,12}(\.\d{1,2})?$/,
    'must be a decimal above 0 with at most 12 digits and 2 decimals',
  )
  .transform((value) => centsText(cents(value)));

export const currencyFiat = z.enum(fiatCurrencies, oneOf(fiatCurrencies));

const hoursToPay = [0.5, 1, 3, 6, 12];

/** In hours. */
export const timeToPay = z
  .string()
  .refine(
    (value) => /^\d+(\.\d+)?$/.test(value) && hoursToPay.includes(Number(value)),
    oneOf(hoursToPay),
  )
  .transform(Number);

export const invoiceStatuses = ['unpaid', 'canceled', 'paid', 'expired'] as const;

export const invoiceStatus = z.enum(invoiceStatuses, oneOf(invoiceStatuses));

/** `YYYY-MM-DD`. */
export const day = z.iso.date('must be a date as YYYY-MM-DD');

const wholeNumber = (from: number, to: number, fallback: number) => {
  const error = `must be a whole number from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, error)
    .transform(Number)
    .refine((value) => value >= from && value <= to, error)
    .default(fallback);
};

/** `offset` and `limit`, whose defaults are documented; that there is a most is not. */
export const pageShape = {
  offset: wholeNumber(0, 999_999_999, 0),
  limit: wholeNumber(1, 100, 10),
};

export const daysShape = { startDate: day.optional(), endDate: day.optional() };
