import { z } from 'zod';
import { Currency } from '../domain/currency.ts';
import { InvoiceStatus, PublicId } from '../domain/invoice.ts';
import { FlowOptions, ProviderName } from '../domain/provider.ts';
import { StorableText } from '../domain/text.ts';

const integer = (min: number, max = Number.MAX_SAFE_INTEGER) => {
  const error = `must be an integer from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

const queryInteger = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^\d{1,16}$/, { error: `must be an integer from ${min} to ${max}` })
    .transform(Number)
    .pipe(integer(min, max));

const text = (min: number, max: number) => {
  const error = `must be a string of ${min} to ${max} characters`;
  return z.string({ error }).min(min, { error }).max(max, { error }).pipe(StorableText);
};

const timeError = { error: 'must be a time such as 2026-01-31T12:00:00Z' };

/** Any offset in; out UTC in milliseconds, so that times as text are in the order of time. */
const Time = z.iso
  .datetime({ offset: true, ...timeError })
  .transform((time) => new Date(time).toISOString())
  .pipe(z.iso.datetime(timeError));

const oneOf = <T extends Record<string, string>>(schema: z.ZodEnum<T>) =>
  z.enum(schema.enum, { error: `must be one of: ${schema.options.join(', ')}` });

/** The message for what is no object; unknown fields keep their own. */
const notAnObject =
  (message: string): z.core.$ZodErrorMap =>
  ({ code }) =>
    code === 'invalid_type' ? message : undefined;

const terms = {
  /** Minor units of `currency`. */
  amount: integer(0),
  currency: z
    .string({ error: 'must be a currency code' })
    .transform((code) => code.toUpperCase())
    .pipe(Currency),
  /** What it is for, in the merchant's own terms. */
  item: z
    .strictObject(
      { type: text(1, 64), id: text(1, 255) },
      { error: notAnObject('must be an object with type and id') },
    )
    .nullish(),
  description: text(0, 1000).nullish(),
  /** When it stops being payable; never, where neither this nor `expiresIn` is given. */
  expiresAt: Time.nullish(),
  /** Seconds from now; at most ten years. */
  expiresIn: integer(1, 315_360_000).nullish(),
};

const [stripePaymentIntent] = FlowOptions.options;

/** The body of `POST /v1/invoices`. */
export const CanonicalCreate = z
  .discriminatedUnion(
    'provider',
    [
      z.strictObject({
        ...stripePaymentIntent.shape,
        flow: z
          .literal('stripe.payment_intent', { error: 'must be one of: stripe.payment_intent' })
          .default('stripe.payment_intent'),
        ...terms,
      }),
    ],
    {
      error: (issue) =>
        issue.code === 'invalid_union'
          ? `must be one of: ${ProviderName.options.join(', ')}`
          : notAnObject('The body must be a JSON object')(issue),
    },
  )
  .refine(({ expiresAt = null, expiresIn = null }) => expiresAt === null || expiresIn === null, {
    path: ['expiresIn'],
    error: 'cannot be given together with expiresAt',
  });
export type CanonicalCreate = z.output<typeof CanonicalCreate>;
/** What a client writes: defaults and all that is optional may be left out. */
export type CanonicalCreateBody = z.input<typeof CanonicalCreate>;

/** The body of `POST /v1/invoices/:id/cancel`, which may also be left out. */
export const CanonicalCancel = z.strictObject(
  {},
  { error: notAnObject('The body must be a JSON object') },
);

/** The body of `POST /v1/invoices/:id/refunds`, which may also be left out. */
export const CanonicalRefundCreate = z.strictObject(
  {
    /** Minor units of the invoice's currency; all that is left, where not given. */
    amount: integer(1).nullish(),
    reason: text(0, 255).nullish(),
  },
  { error: notAnObject('The body must be a JSON object') },
);
export type CanonicalRefundCreate = z.output<typeof CanonicalRefundCreate>;

/** The query of a route that takes none. */
export const CanonicalNoQuery = z.strictObject({});

/** The query of `GET /v1/invoices/:id`. */
export const CanonicalGetQuery = z.strictObject({ at: Time.optional() });

/** The query of `GET /v1/invoices`. All filters must hold. */
export const CanonicalListQuery = z
  .strictObject({
    status: oneOf(InvoiceStatus).optional(),
    provider: oneOf(ProviderName).optional(),
    userId: queryInteger(1).optional(),
    itemType: text(1, 64).optional(),
    itemId: text(1, 255).optional(),
    /** Inclusive. */
    createdFrom: Time.optional(),
    /** Exclusive. */
    createdTo: Time.optional(),
    /** Minor units, inclusive. */
    minAmount: queryInteger(0).optional(),
    /** Minor units, inclusive. */
    maxAmount: queryInteger(0).optional(),
    /** Words of the description, each of which must be in it. */
    q: z.string().trim().pipe(text(1, 255)).optional(),
    /** `next` of the page before. */
    after: z
      .string()
      .refine((cursor) => PublicId.safeParse(cursor).success, {
        error: 'must be the next of a page',
      })
      .optional(),
    limit: queryInteger(1, 200).default(20),
  })
  .refine(({ itemType, itemId }) => itemType !== undefined || itemId === undefined, {
    path: ['itemType'],
    error: 'must be given together with itemId',
  })
  .refine(({ itemType, itemId }) => itemType === undefined || itemId !== undefined, {
    path: ['itemId'],
    error: 'must be given together with itemType',
  });
export type CanonicalListQuery = z.output<typeof CanonicalListQuery>;

/** The query of `GET /v1/events`. */
export const CanonicalFeedQuery = z.strictObject({
  /** `next` of the page before; from the first event, where not given. */
  after: queryInteger(0).default(0),
  limit: queryInteger(1, 1000).default(100),
});
