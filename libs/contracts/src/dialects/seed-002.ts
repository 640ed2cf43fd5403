import { z } from 'zod';
import { PublicId } from '../domain/invoice.ts';
import {
  CurrencyCode,
  exactTotalOf,
  integer,
  notAnObject,
  oneOf,
  queryInteger,
  text,
  timeOrDate,
} from './fields.ts';

/** The admin API below `/admin/api`: camelCase in; out camelCase, but for Stripe's own object. */

const minorUnits =
  'must be an integer in minor units of the currency, such as 3300 for 33.00 EUR: no decimals';

export const Seed002Item = z.strictObject(
  {
    name: text(1, 500),
    /** Minor units of one; what is below zero takes off. */
    amount: z.int({ error: minorUnits }),
    quantity: integer(1, 1_000_000).nullish(),
    currency: CurrencyCode.nullish(),
  },
  { error: notAnObject('must be an object with name and amount') },
);
export type Seed002Item = z.infer<typeof Seed002Item>;

/** Minor units; undefined where they are too large to be added exactly. */
const exactTotal = (items: readonly Seed002Item[]): number | undefined =>
  exactTotalOf(
    items.map(({ name, amount, quantity }) => ({
      description: name,
      quantity: quantity ?? 1,
      unitAmount: amount,
    })),
  );

const itemsError = { error: 'must be a list of 1 to 250 items' };

/** The body of `POST /admin/api/invoices`, by itself or as the `data` of an object. */
export const Seed002Create = z
  .strictObject(
    {
      items: z.array(Seed002Item, itemsError).min(1, itemsError).max(250, itemsError),
      /** Stripe's id of who is billed. */
      customer: text(1, 255),
      /** Stripe's id of what is charged; the customer's default, where not given. */
      paymentMethod: text(1, 255).nullish(),
      currency: CurrencyCode.nullish(),
      description: text(0, 1000).nullish(),
      footer: text(0, 5000).nullish(),
      /** Sends it to be paid by then, rather than charge it. A date is the last second of its day. */
      dueDate: timeOrDate('23:59:59.000').nullish(),
      /** Sends it to be paid within so many days, rather than charge it. */
      daysUntilDue: integer(0, 3650).nullish(),
    },
    { error: notAnObject('must be a JSON object') },
  )
  .refine(({ items }) => exactTotal(items) !== undefined, {
    path: ['items'],
    error: 'must not add up to more than is exact',
  })
  .refine(({ items }) => (exactTotal(items) ?? 1) > 0, {
    path: ['items'],
    error: 'must add up to more than zero',
  })
  .refine(({ dueDate = null, daysUntilDue = null }) => dueDate === null || daysUntilDue === null, {
    path: ['daysUntilDue'],
    error: 'cannot be given together with dueDate',
  });
export type Seed002Create = z.infer<typeof Seed002Create>;

/** Stripe's words. https://docs.stripe.com/invoicing/overview#invoice-statuses */
export const Seed002Status = z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']);
export type Seed002Status = z.infer<typeof Seed002Status>;

/** The query of `GET /admin/api/invoices`. All filters must hold. */
export const Seed002ListQuery = z
  .strictObject({
    page: queryInteger(1, 1_000_000).default(1),
    limit: queryInteger(1, 100).default(5),
    status: oneOf(Seed002Status).optional(),
    /** The `_id` of a user. */
    user: z
      .string()
      .refine((id) => PublicId.safeParse(id).success, { error: 'must be 24 hex digits' })
      .optional(),
    /** When it was made, inclusive. A date is the start of its day. */
    from: timeOrDate('00:00:00.000').optional(),
    /** Exclusive. */
    to: timeOrDate('00:00:00.000').optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    error: 'must not be before from',
  });
export type Seed002ListQuery = z.output<typeof Seed002ListQuery>;

/** The query of a route that takes none. */
export const Seed002NoQuery = z.strictObject({});

export const Seed002Invoice = z.object({
  _id: PublicId,
  /** Stripe's id of it. */
  invoiceId: z.string(),
  user: z.object({ _id: PublicId, name: z.string() }),
  status: Seed002Status,
  /** Minor units. */
  amount: z.int(),
  /** Null for a draft, of which there is none yet. */
  invoicePdf: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Seed002Invoice = z.infer<typeof Seed002Invoice>;

/** Newest first. `count` is of all pages. */
export const Seed002Page = z.object({ invoices: z.array(Seed002Invoice), count: z.int().min(0) });
export type Seed002Page = z.infer<typeof Seed002Page>;

const reference = z.union([z.string(), z.looseObject({ id: z.string() })]).nullable();

/**
 * What Stripe's invoice object had until the basil version and has under other names since.
 * https://docs.stripe.com/changelog/basil/2025-03-31/add-support-for-multiple-partial-payments-on-invoices
 */
export const Seed002LegacyFields = z.object({
  application_fee_amount: z.int().nullable(),
  charge: reference,
  discount: z.looseObject({}).nullable(),
  paid: z.boolean(),
  paid_out_of_band: z.boolean(),
  payment_intent: reference,
  quote: reference,
  rendering_options: z.looseObject({ amount_tax_display: z.string().nullable() }).nullable(),
  subscription: reference,
  subscription_details: z.looseObject({
    metadata: z.record(z.string(), z.string()).nullable(),
  }),
  tax: z.int().nullable(),
  total_tax_amounts: z.array(
    z.looseObject({
      amount: z.int(),
      inclusive: z.boolean(),
      tax_rate: reference,
      taxability_reason: z.string().nullish(),
      taxable_amount: z.int().nullish(),
    }),
  ),
  transfer_data: z.looseObject({}).nullable(),
});
export type Seed002LegacyFields = z.infer<typeof Seed002LegacyFields>;

/** The answer to `POST /admin/api/invoices`: Stripe's invoice object as it is today, with what it had before. */
export const Seed002Created = z.looseObject({
  id: z.string(),
  object: z.literal('invoice'),
  ...Seed002LegacyFields.shape,
});
export type Seed002Created = z.infer<typeof Seed002Created>;
