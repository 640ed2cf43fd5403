import { z } from 'zod';
import { FlowOptions, ProviderName } from '../domain/provider.ts';
import { CurrencyCode, exactTotalOf, integer, notAnObject, text, Time } from './fields.ts';

const terms = {
  /** Minor units of `currency`. */
  amount: integer(0),
  currency: CurrencyCode,
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

/** One thing on an invoice. */
export const CanonicalLine = z.strictObject(
  {
    description: text(1, 500),
    quantity: integer(1, 1_000_000).default(1),
    /** Minor units of one; what is below zero takes off. */
    unitAmount: integer(Number.MIN_SAFE_INTEGER),
  },
  { error: notAnObject('must be an object with description and unitAmount') },
);
export type CanonicalLine = z.output<typeof CanonicalLine>;

const linesError = { error: 'must be a list of 1 to 250 lines' };

const [stripePaymentIntent, stripeInvoice] = FlowOptions.options;

const StripePaymentIntentCreate = z.strictObject({
  ...stripePaymentIntent.shape,
  flow: stripePaymentIntent.shape.flow.default('stripe.payment_intent'),
  ...terms,
});

const StripeInvoiceCreate = z
  .strictObject({
    ...stripeInvoice.pick({ provider: true, flow: true }).shape,
    ...terms,
    /** What `amount` is made of; one line with the description, where not given. */
    lines: z.array(CanonicalLine, linesError).min(1, linesError).max(250, linesError).nullish(),
    /** The Stripe payment method that is charged; the customer's default, where not given. */
    paymentMethod: text(1, 255).nullish(),
    footer: text(0, 5000).nullish(),
    /** Sends it to be paid within so many days, rather than charge it. */
    dueInDays: integer(0, 3650).nullish(),
    /** Sends it to be paid by then, rather than charge it. */
    dueAt: Time.nullish(),
    /** Whether to leave it a draft, which nobody can pay until it is finalized. */
    draft: z.boolean({ error: 'must be true or false' }).nullish(),
  })
  .refine(({ lines = null, amount }) => lines === null || exactTotalOf(lines) === amount, {
    path: ['lines'],
    error: 'must add up to amount',
  })
  .refine(({ dueInDays = null, dueAt = null }) => dueInDays === null || dueAt === null, {
    path: ['dueInDays'],
    error: 'cannot be given together with dueAt',
  });

const stripeFlows = [StripePaymentIntentCreate, StripeInvoiceCreate] as const;

const bodyError = notAnObject('The body must be a JSON object');

/** An error map for a field by which the rest is read. */
const unlessOneOf =
  (names: readonly string[]): z.core.$ZodErrorMap =>
  (issue) =>
    issue.code === 'invalid_union' ? `must be one of: ${names.join(', ')}` : bodyError(issue);

/** The body of `POST /v1/invoices`. */
export const CanonicalCreate = z
  .discriminatedUnion(
    'provider',
    [
      z.discriminatedUnion('flow', stripeFlows, {
        error: unlessOneOf([stripePaymentIntent, stripeInvoice].map((o) => o.shape.flow.value)),
      }),
    ],
    { error: unlessOneOf(ProviderName.options) },
  )
  .refine(({ expiresAt = null, expiresIn = null }) => expiresAt === null || expiresIn === null, {
    path: ['expiresIn'],
    error: 'cannot be given together with expiresAt',
  });
export type CanonicalCreate = z.output<typeof CanonicalCreate>;
/** What a client writes: defaults and all that is optional may be left out. */
export type CanonicalCreateBody = z.input<typeof CanonicalCreate>;
