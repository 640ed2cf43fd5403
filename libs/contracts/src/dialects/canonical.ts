import { z } from 'zod';
import { Act } from '../domain/act.ts';
import { Currency } from '../domain/currency.ts';
import { InvoiceEvent } from '../domain/event.ts';
import { ExplainedObservation } from '../domain/explanation.ts';
import { Invoice, InvoiceStatus, Payment, PublicId } from '../domain/invoice.ts';
import { MinorUnits } from '../domain/money.ts';
import { DisputeState, Fact, RefundState } from '../domain/observation.ts';
import { FlowOptions, ProviderDescription, ProviderName } from '../domain/provider.ts';
import { StorableText } from '../domain/text.ts';

/** The canonical API below `/v1`: camelCase, amounts integers in minor units, times ISO 8601 in UTC. */

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

const atProvider = {
  /** The provider's own id of it. */
  providerRef: z.string(),
  /** Minor units of its own `currency`, which can be another than the invoice's. */
  amount: MinorUnits,
  currency: Currency,
};

/** Money in. */
export const CanonicalPayment = z.object({
  ...atProvider,
  ...Payment.pick({ paidAt: true, payer: true, late: true }).shape,
});
export type CanonicalPayment = z.infer<typeof CanonicalPayment>;

/** Money back. */
export const CanonicalRefund = z.object({ ...atProvider, state: RefundState });
export type CanonicalRefund = z.infer<typeof CanonicalRefund>;

/** Money contested. */
export const CanonicalDispute = z.object({ ...atProvider, state: DisputeState });
export type CanonicalDispute = z.infer<typeof CanonicalDispute>;

/**
 * An invoice. Amounts are minor units of `currency`: `amount = received + remaining - overpaid` and
 * `net = received - refunded`.
 */
export const CanonicalInvoice = z.object({
  /** The id to use; it cannot be guessed and sorts by time. */
  id: PublicId,
  /** The invoice's id in the dialects that have integers. */
  number: z.int().positive(),
  ...Invoice.pick({
    userId: true,
    provider: true,
    flow: true,
    status: true,
    exception: true,
    statusReason: true,
    amount: true,
    currency: true,
    received: true,
    remaining: true,
    overpaid: true,
    refunded: true,
    net: true,
    disputed: true,
  }).shape,
  payments: z.array(CanonicalPayment),
  refunds: z.array(CanonicalRefund),
  disputes: z.array(CanonicalDispute),
  ...Invoice.pick({ item: true, description: true, expiresAt: true, providerRef: true }).shape,
  /** The provider's object as its API gives it; null until it has made one. */
  providerData: z.record(z.string(), z.unknown()).nullable(),
  ...Invoice.pick({ createdAt: true, updatedAt: true }).shape,
});
export type CanonicalInvoice = z.infer<typeof CanonicalInvoice>;

/** Newest first. `next` is the `after` of the following page; null on the last. */
export const CanonicalInvoicePage = z.object({
  data: z.array(CanonicalInvoice),
  next: z.string().nullable(),
});
export type CanonicalInvoicePage = z.infer<typeof CanonicalInvoicePage>;

/** Something that we did to an invoice, or asked its provider for. */
export const CanonicalAct = Act;
export type CanonicalAct = Act;

/** A refund that was asked for, under the `providerRef` by which the invoice's refunds have it, and the invoice since. */
export const CanonicalRefunded = z.object({
  refund: CanonicalAct.omit({ kind: true }),
  invoice: CanonicalInvoice,
});
export type CanonicalRefunded = z.infer<typeof CanonicalRefunded>;

/** One thing that happened to an invoice. Within a version fields and types are added, never changed or removed. */
export const CanonicalEvent = z.object({
  version: z.literal(1),
  /** Place in the order of all events: grows, with gaps. */
  position: z.int().positive(),
  invoiceId: PublicId,
  invoiceNumber: z.int().positive(),
  ...InvoiceEvent.pick({ seq: true, type: true, status: true, occurredAt: true }).shape,
});
export type CanonicalEvent = z.infer<typeof CanonicalEvent>;

/** An invoice's events, oldest first. */
export const CanonicalEvents = z.object({ data: z.array(CanonicalEvent) });
export type CanonicalEvents = z.infer<typeof CanonicalEvents>;

/** `next` is the position to go on from: at once, or later where the page is empty. */
export const CanonicalEventPage = CanonicalEvents.extend({ next: z.int().min(0) });
export type CanonicalEventPage = z.infer<typeof CanonicalEventPage>;

const [Progress] = Fact.options;

/** One thing that a piece of evidence says. */
export const CanonicalFact = z.discriminatedUnion('kind', [
  Progress,
  z.object({
    kind: z.literal('payment'),
    ...atProvider,
    paidAt: Payment.shape.paidAt.nullable(),
    payer: Payment.shape.payer,
  }),
  z.object({ kind: z.literal('refund'), ...CanonicalRefund.shape }),
  z.object({ kind: z.literal('dispute'), ...CanonicalDispute.shape }),
]);
export type CanonicalFact = z.infer<typeof CanonicalFact>;

/** A piece of evidence, with the bytes that it came in. */
export const CanonicalObservation = ExplainedObservation.extend({ facts: z.array(CanonicalFact) });
export type CanonicalObservation = z.infer<typeof CanonicalObservation>;

/** Why an invoice is where it is. */
export const CanonicalExplanation = z.object({
  transitions: z.array(
    z.object({
      event: CanonicalEvent,
      rule: z.string(),
      observation: CanonicalObservation.nullable(),
      act: CanonicalAct.nullable(),
    }),
  ),
  /** All that we ourselves did or asked for, oldest first; of what is `pending` the outcome is not known. */
  acts: z.array(CanonicalAct),
  /** Evidence that changed nothing by itself. */
  otherObservations: z.array(CanonicalObservation),
});
export type CanonicalExplanation = z.infer<typeof CanonicalExplanation>;

/** What every provider can do. */
export const CanonicalProviders = z.object({ data: z.array(ProviderDescription) });
export type CanonicalProviders = z.infer<typeof CanonicalProviders>;

/** RFC 9457 problem details. `param` names the field, query parameter or header at fault. */
export const CanonicalProblem = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  param: z.string().optional(),
  requestId: z.string(),
});
export type CanonicalProblem = z.infer<typeof CanonicalProblem>;
