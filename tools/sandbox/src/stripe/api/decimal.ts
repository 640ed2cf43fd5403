import { Stripe } from 'stripe';
import { z } from 'zod';

const pattern = /^-?\d{1,15}(\.\d{1,12})?$/;

/** A decimal parameter; Stripe takes at most 12 decimal places. */
export const decimal = z.string().transform((value, context) => {
  if (pattern.test(value)) return Stripe.Decimal.from(value);
  context.addIssue({ code: 'custom', message: `Invalid decimal: ${value}` });
  return z.NEVER;
});

export const nonNegativeDecimal = decimal.superRefine((value, context) => {
  if (!value.isNegative()) return;
  context.addIssue({
    code: 'custom',
    message: `Invalid non-negative decimal: ${value.toString()}`,
  });
});

/** A decimal as the API writes it: text. Only the SDK makes a `Decimal` of it. */
export const wireDecimal = (value: Stripe.Decimal): Stripe.Decimal =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the SDK's types describe the object after its own conversion; on the wire, and so in the state, it is this text
  value.toString() as unknown as Stripe.Decimal;

/** Reads what `wireDecimal` wrote. */
export const fromWire = (value: Stripe.Decimal): Stripe.Decimal =>
  Stripe.Decimal.from(value.toString());

/** Minor units, rounded half up. */
export const toMinorUnits = (value: Stripe.Decimal): number => Number(value.toFixed(0, 'half-up'));
