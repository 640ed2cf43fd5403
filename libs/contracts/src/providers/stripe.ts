import { z } from 'zod';

/**
 * What we read of Stripe's wire format. Objects are loose: what we do not read is kept, and may change with Stripe's
 * API versions. Amounts are Stripe's own minor units, times Unix seconds.
 */

const expandable = z.union([z.string(), z.looseObject({ id: z.string() })]);

export const PaymentIntentStatus = z.enum([
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'processing',
  'requires_capture',
  'canceled',
  'succeeded',
]);

export const PaymentIntent = z.looseObject({
  id: z.string(),
  object: z.literal('payment_intent'),
  amount: z.int(),
  amount_received: z.int(),
  currency: z.string(),
  status: PaymentIntentStatus,
  created: z.int(),
  customer: expandable.nullable(),
  metadata: z.record(z.string(), z.string()),
  client_secret: z.string().nullish(),
  cancellation_reason: z.string().nullish(),
  latest_charge: z
    .union([z.string(), z.looseObject({ id: z.string(), created: z.int() })])
    .nullish(),
  last_payment_error: z.looseObject({ message: z.string().optional() }).nullish(),
});
export type PaymentIntent = z.infer<typeof PaymentIntent>;

/** Of a PaymentIntent in another object, what says how an attempt to pay ended. */
const InvoiceIntent = z.looseObject({
  id: z.string(),
  status: z.string().optional(),
  last_payment_error: z.looseObject({ message: z.string().optional() }).nullish(),
});

/** One payment of an invoice. Since 2025-03-31.basil. */
export const InvoicePayment = z.looseObject({
  id: z.string(),
  object: z.literal('invoice_payment'),
  amount_paid: z.int().nullish(),
  currency: z.string(),
  invoice: expandable,
  status: z.string(),
  status_transitions: z.looseObject({ paid_at: z.int().nullish() }).nullish(),
  payment: z.looseObject({
    payment_intent: z.union([z.string(), InvoiceIntent]).nullish(),
    charge: expandable.nullish(),
  }),
});
export type InvoicePayment = z.infer<typeof InvoicePayment>;

export const Invoice = z.looseObject({
  id: z.string(),
  object: z.literal('invoice'),
  status: z.string().nullable(),
  currency: z.string(),
  amount_due: z.int(),
  amount_paid: z.int(),
  customer: expandable.nullish(),
  description: z.string().nullish(),
  due_date: z.int().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  attempted: z.boolean().nullish(),
  last_finalization_error: z.looseObject({ message: z.string().optional() }).nullish(),
  lines: z.looseObject({ data: z.array(z.unknown()) }),
  status_transitions: z.looseObject({ paid_at: z.int().nullish() }).nullish(),
  /** Only where it was asked for. */
  payments: z.looseObject({ data: z.array(InvoicePayment) }).nullish(),
  /** Before 2025-03-31.basil; `amount_paid` does not count what was paid out of band then. */
  paid_out_of_band: z.boolean().nullish(),
  /** Before 2025-03-31.basil. */
  payment_intent: z.union([z.string(), InvoiceIntent]).nullish(),
  /** Before 2025-03-31.basil. */
  charge: expandable.nullish(),
});
export type Invoice = z.infer<typeof Invoice>;

export const Refund = z.looseObject({
  id: z.string(),
  object: z.literal('refund'),
  amount: z.int(),
  currency: z.string(),
  created: z.int(),
  status: z.string().nullable(),
  payment_intent: expandable.nullable(),
});
export type Refund = z.infer<typeof Refund>;

export const Dispute = z.looseObject({
  id: z.string(),
  object: z.literal('dispute'),
  amount: z.int(),
  currency: z.string(),
  status: z.string(),
  charge: expandable,
  payment_intent: expandable.nullish(),
});
export type Dispute = z.infer<typeof Dispute>;

/** The envelope of a webhook. `data.object` is read by what `type` says it is. */
export const StripeEvent = z.looseObject({
  id: z.string(),
  object: z.literal('event'),
  type: z.string(),
  created: z.int(),
  data: z.looseObject({ object: z.unknown() }),
});
export type StripeEvent = z.infer<typeof StripeEvent>;
