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

/** The envelope of a webhook. `data.object` is read by what `type` says it is. */
export const StripeEvent = z.looseObject({
  id: z.string(),
  object: z.literal('event'),
  type: z.string(),
  created: z.int(),
  data: z.looseObject({ object: z.unknown() }),
});
export type StripeEvent = z.infer<typeof StripeEvent>;
