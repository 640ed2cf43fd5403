import { z } from 'zod';

const invalid = (message: string, code?: string) => ({
  code: 'custom' as const,
  message,
  params: { code },
});

/** Text that may not be empty: Stripe takes an empty value as an attempt to unset the parameter. */
export const text = z.string().superRefine((value, context) => {
  if (value === '') context.addIssue(invalid('empty', 'parameter_invalid_empty'));
});

export const limitedText = (max: number) =>
  text.superRefine((value, context) => {
    if (value.length <= max) return;
    context.addIssue(invalid(`Invalid string: must be at most ${max} characters`));
  });

export const integer = z.string().transform((value, context) => {
  if (/^-?\d{1,15}$/.test(value)) return Number(value);
  context.addIssue(invalid(`Invalid integer: ${value}`, 'parameter_invalid_integer'));
  return z.NEVER;
});

export const positiveInteger = integer.superRefine((value, context) => {
  if (value < 1) context.addIssue(invalid('Invalid positive integer', 'parameter_invalid_integer'));
});

export const boolean = z.string().transform((value, context) => {
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  context.addIssue(invalid(`Invalid boolean: ${value}`));
  return z.NEVER;
});

export const oneOf = <const V extends readonly [string, ...string[]]>(values: V) =>
  z.enum(values, {
    error: ({ input }) => (input === undefined ? undefined : `must be one of ${values.join(', ')}`),
  });

/** An empty value unsets the parameter. */
export const clearable = <S extends z.ZodType>(schema: S) =>
  z
    .literal('')
    .transform(() => null)
    .or(schema);

// `allowSparse` leaves holes where indexes were skipped; a list has none.
export const list = <S extends z.ZodType>(item: S) =>
  z.preprocess((value) => (Array.isArray(value) ? Object.values(value) : value), z.array(item));

const metadataKeys = 50;

/** Metadata to be merged; null unsets all of it, an empty value one key. */
export const metadata = clearable(
  z
    .preprocess(
      (value) => (Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : value),
      z.record(z.string().max(40), z.string().max(500)),
    )
    .superRefine((value, context) => {
      if (Object.keys(value).length <= metadataKeys) return;
      context.addIssue(invalid(`Metadata can have up to ${metadataKeys} keys.`));
    }),
);

const range = z.strictObject({
  gt: integer.optional(),
  gte: integer.optional(),
  lt: integer.optional(),
  lte: integer.optional(),
});

/** A moment in unix seconds, or a range of them. */
export const created = z
  .union([range, integer])
  .transform((value) => (typeof value === 'number' ? { gte: value, lte: value } : value));

const addressParts = ['city', 'country', 'line1', 'line2', 'postal_code', 'state'] as const;

const part = clearable(z.string()).default(null);

const addressShape = {
  city: part,
  country: part,
  line1: part,
  line2: part,
  postal_code: part,
  state: part,
} satisfies Record<(typeof addressParts)[number], z.ZodType>;

export const address = z.strictObject(addressShape);

export const shipping = z.strictObject({
  address,
  name: text,
  carrier: clearable(text).default(null),
  phone: clearable(text).default(null),
  tracking_number: clearable(text).default(null),
});

export const billingDetails = z.strictObject({
  address: clearable(address).default(null),
  email: clearable(text).default(null),
  name: clearable(text).default(null),
  phone: clearable(text).default(null),
  tax_id: clearable(text).default(null),
});

/** A parameter that Stripe knows and this emulator has no use for. */
export const ignored = z.unknown().optional();

/** A parameter that would change what is owed or done, so ignoring it would be a lie. An empty value unsets nothing. */
export const notEmulated = z
  .unknown()
  .superRefine((value, context) => {
    if (value === undefined || value === '') return;
    context.addIssue(invalid('The sandbox does not emulate this parameter.'));
  })
  .optional();

/** A currency code in lower case. */
export const currency = text.transform((value) => value.toLowerCase());

export const paging = {
  limit: integer
    .superRefine((value, context) => {
      if (value >= 1 && value <= 100) return;
      context.addIssue(
        invalid(`Invalid integer: must be between 1 and 100`, 'parameter_invalid_integer'),
      );
    })
    .default(10),
  starting_after: text.optional(),
  ending_before: text.optional(),
};

export const searching = {
  query: text,
  limit: paging.limit,
  page: text.optional(),
};
