import type { Stripe } from 'stripe';
import { z } from 'zod';
import * as param from '../api/params.ts';
import { methodTypes } from '../payment-methods/kinds.ts';

type Keys<P> = Exclude<keyof P, 'expand'>;

const collectionMethod = param.oneOf(['charge_automatically', 'send_invoice']);

const customFields = param
  .list(z.strictObject({ name: param.limitedText(40), value: param.limitedText(140) }))
  .superRefine((fields, context) => {
    if (fields.length <= 4) return;
    context.addIssue({ code: 'custom', message: 'You can only specify up to 4 custom fields.' });
  });

const shippingDetails = z.strictObject({
  address: param.address,
  name: param.text,
  phone: param.clearable(param.text).default(null),
});

/** What creating and updating have in common. */
const changeable = {
  account_tax_ids: param.ignored,
  application_fee_amount: param.ignored,
  auto_advance: param.boolean.optional(),
  automatic_tax: param.ignored,
  automatically_finalizes_at: param.integer.optional(),
  collection_method: collectionMethod.optional(),
  custom_fields: param.clearable(customFields).optional(),
  days_until_due: param.integer.optional(),
  default_payment_method: param.clearable(param.text).optional(),
  default_source: param.ignored,
  default_tax_rates: param.notEmulated,
  description: param.clearable(param.limitedText(5000)).optional(),
  discounts: param.notEmulated,
  due_date: param.integer.optional(),
  effective_at: param.clearable(param.integer).optional(),
  footer: param.clearable(param.limitedText(5000)).optional(),
  issuer: param.ignored,
  metadata: param.metadata.optional(),
  number: param.clearable(param.limitedText(26)).optional(),
  on_behalf_of: param.ignored,
  payment_settings: z
    .strictObject({
      default_mandate: param.ignored,
      payment_method_options: param.ignored,
      payment_method_types: param.clearable(param.list(param.oneOf(methodTypes))).optional(),
    })
    .optional(),
  rendering: param.ignored,
  shipping_cost: param.notEmulated,
  shipping_details: param.clearable(shippingDetails).optional(),
  statement_descriptor: param.clearable(param.limitedText(22)).optional(),
  transfer_data: param.ignored,
};

export const createShape = {
  ...changeable,
  currency: param.currency.optional(),
  customer: param.text,
  customer_account: param.ignored,
  from_invoice: param.notEmulated,
  pending_invoice_items_behavior: param.oneOf(['exclude', 'include']).default('exclude'),
  subscription: param.notEmulated,
} satisfies Record<Keys<Stripe.InvoiceCreateParams>, z.ZodType>;

export const updateShape = changeable satisfies Record<Keys<Stripe.InvoiceUpdateParams>, z.ZodType>;

// The wording and the order of the statuses are Stripe's.
const status = z.enum(['draft', 'open', 'void', 'paid', 'uncollectible'], {
  error: ({ input }) =>
    input === undefined ? undefined : 'must be one of draft, open, void, paid, or uncollectible',
});

export const listShape = {
  ...param.paging,
  collection_method: collectionMethod.optional(),
  created: param.created.optional(),
  customer: param.text.optional(),
  customer_account: param.ignored,
  due_date: param.created.optional(),
  status: status.optional(),
  subscription: param.ignored,
} satisfies Record<Keys<Stripe.InvoiceListParams>, z.ZodType>;

export const finalizeShape = {
  auto_advance: param.boolean.optional(),
} satisfies Record<Keys<Stripe.InvoiceFinalizeInvoiceParams>, z.ZodType>;

export const payShape = {
  forgive: param.boolean.optional(),
  mandate: param.ignored,
  off_session: param.boolean.default(true),
  paid_out_of_band: param.boolean.default(false),
  payment_method: param.text.optional(),
  source: param.notEmulated,
} satisfies Record<Keys<Stripe.InvoicePayParams>, z.ZodType>;

export const attachPaymentShape = {
  payment_intent: param.text.optional(),
  payment_record: param.notEmulated,
} satisfies Record<Keys<Stripe.InvoiceAttachPaymentParams>, z.ZodType>;

export const listPaymentsShape = {
  ...param.paging,
  created: param.created.optional(),
  invoice: param.text.optional(),
  payment: z
    .strictObject({
      payment_intent: param.text.optional(),
      payment_record: param.text.optional(),
      type: param.oneOf(['payment_intent', 'payment_record']),
    })
    .optional(),
  status: param.oneOf(['canceled', 'open', 'paid']).optional(),
} satisfies Record<Keys<Stripe.InvoicePaymentListParams>, z.ZodType>;

export type CreateParams = z.infer<z.ZodObject<typeof createShape>>;
export type UpdateParams = z.infer<z.ZodObject<typeof updateShape>>;
export type PayParams = z.infer<z.ZodObject<typeof payShape>>;
