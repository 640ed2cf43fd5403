import { z } from 'zod';
import { Currency } from '../domain/currency.ts';
import { type InvoiceLine, totalOf } from '../domain/invoice-line.ts';
import { TimeToPay } from '../domain/provider.ts';
import { StorableText } from '../domain/text.ts';

/** Fields that public APIs have in common, each with a message that says what it must be. */

export const integer = (min: number, max = Number.MAX_SAFE_INTEGER) => {
  const error = `must be an integer from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

export const queryInteger = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^\d{1,16}$/, { error: `must be an integer from ${min} to ${max}` })
    .transform(Number)
    .pipe(integer(min, max));

export const text = (min: number, max: number) => {
  const error = `must be a string of ${min} to ${max} characters`;
  return z.string({ error }).min(min, { error }).max(max, { error }).pipe(StorableText);
};

export const flag = z.boolean({ error: 'must be true or false' });

/** In any case; out in lower case. */
export const Uuid = z.uuid({ error: 'must be a UUID' }).toLowerCase();

export const timeToPayError = {
  error: `must be one of: ${TimeToPay.options.map(({ value }) => value).join(', ')}`,
};

/** Hours to pay as decimal text, exactly: zeros past the point carry no value and are taken. */
export const TimeToPayText = z
  .string(timeToPayError)
  .regex(/^(?:0\.50*|(?:1|3|6|12)(?:\.0+)?)$/, timeToPayError)
  .transform(Number)
  .pipe(TimeToPay);

const timeError = { error: 'must be a time such as 2026-01-31T12:00:00Z' };

/** Any offset in; out UTC in milliseconds, so that times as text are in the order of time. */
export const Time = z.iso
  .datetime({ offset: true, ...timeError })
  .transform((time) => new Date(time).toISOString())
  .pipe(z.iso.datetime(timeError));

/** A time, or a date that stands for this time of its day in UTC. */
export const timeOrDate = (timeOfDay: string) =>
  z.union([Time, z.iso.date().transform((date) => `${date}T${timeOfDay}Z`)], {
    error: 'must be a date or a time such as 2026-01-31 or 2026-01-31T12:00:00Z',
  });

/** In any case; out in upper case. */
export const CurrencyCode = z
  .string({ error: 'must be a currency code' })
  .transform((code) => code.toUpperCase())
  .pipe(Currency);

export const oneOf = <T extends Record<string, string>>(schema: z.ZodEnum<T>) =>
  z.enum(schema.enum, { error: `must be one of: ${schema.options.join(', ')}` });

/** The message for what is no object; unknown fields keep their own. */
export const notAnObject =
  (message: string): z.core.$ZodErrorMap =>
  ({ code }) =>
    code === 'invalid_type' ? message : undefined;

/** The same for a field that says by its value which others there are. */
export const unlessOneOf =
  (names: readonly string[], message: string): z.core.$ZodErrorMap =>
  (issue) =>
    issue.code === 'invalid_union'
      ? `must be one of: ${names.join(', ')}`
      : notAnObject(message)(issue);

/** Minor units; undefined where the lines are too large to be added exactly. */
export const exactTotalOf = (lines: readonly InvoiceLine[]): number | undefined => {
  const sizes = lines.map((line) => ({ ...line, unitAmount: Math.abs(line.unitAmount) }));
  return Number.isSafeInteger(totalOf(sizes)) ? totalOf(lines) : undefined;
};
