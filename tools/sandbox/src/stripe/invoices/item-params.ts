import type { Stripe } from 'stripe';
import { z } from 'zod';
import { decimal, nonNegativeDecimal } from '../api/decimal.ts';
import * as param from '../api/params.ts';
import { productData } from '../catalog/product-of.ts';

type Keys<P> = Exclude<keyof P, 'expand'>;

const period = z
  .strictObject({ end: param.integer, start: param.integer })
  .superRefine(({ end, start }, context) => {
    if (end >= start) return;
    context.addIssue({
      code: 'custom',
      path: ['end'],
      message: 'The period end must not be before its start.',
    });
  });

/** What an item or a line costs, in one of Stripe's four ways of saying it. */
export const pricing = {
  amount: param.integer.optional(),
  price_data: z
    .strictObject({
      currency: param.currency,
      product: param.text.optional(),
      product_data: productData.optional(),
      tax_behavior: param.ignored,
      unit_amount: param.integer.optional(),
      unit_amount_decimal: nonNegativeDecimal.optional(),
    })
    .optional(),
  pricing: z.strictObject({ price: param.text.optional() }).optional(),
  quantity: param.integer.optional(),
  quantity_decimal: nonNegativeDecimal.optional(),
};

/** What an item and a line have in common. */
const described = {
  ...pricing,
  description: param.clearable(param.limitedText(5000)).optional(),
  discountable: param.boolean.optional(),
  discounts: param.notEmulated,
  metadata: param.metadata.optional(),
  period: period.optional(),
  tax_rates: param.notEmulated,
};

const ofItem = {
  ...described,
  tax_behavior: param.ignored,
  tax_code: param.ignored,
  unit_amount_decimal: decimal.optional(),
};

export const createItemShape = {
  ...ofItem,
  currency: param.currency.optional(),
  customer: param.text,
  customer_account: param.ignored,
  invoice: param.text.optional(),
  subscription: param.notEmulated,
} satisfies Record<Keys<Stripe.InvoiceItemCreateParams>, z.ZodType>;

export const updateItemShape = {
  ...ofItem,
  invoicing_rules: param.ignored,
} satisfies Record<Keys<Stripe.InvoiceItemUpdateParams>, z.ZodType>;

export const listItemsShape = {
  ...param.paging,
  created: param.created.optional(),
  customer: param.text.optional(),
  customer_account: param.ignored,
  invoice: param.text.optional(),
  pending: param.boolean.optional(),
} satisfies Record<Keys<Stripe.InvoiceItemListParams>, z.ZodType>;

const line = { ...described, tax_amounts: param.notEmulated };

const invoiceMetadata = { invoice_metadata: param.metadata.optional() };

export const addLinesShape = {
  ...invoiceMetadata,
  lines: param.list(
    z.strictObject({
      ...line,
      invoice_item: param.text.optional(),
    } satisfies Record<keyof Stripe.InvoiceAddLinesParams.Line, z.ZodType>),
  ),
} satisfies Record<Keys<Stripe.InvoiceAddLinesParams>, z.ZodType>;

export const updateLinesShape = {
  ...invoiceMetadata,
  lines: param.list(
    z.strictObject({ ...line, id: param.text } satisfies Record<
      keyof Stripe.InvoiceUpdateLinesParams.Line,
      z.ZodType
    >),
  ),
} satisfies Record<Keys<Stripe.InvoiceUpdateLinesParams>, z.ZodType>;

export const removeLinesShape = {
  ...invoiceMetadata,
  lines: param.list(
    z.strictObject({
      behavior: param.oneOf(['delete', 'unassign']),
      id: param.text,
    } satisfies Record<keyof Stripe.InvoiceRemoveLinesParams.Line, z.ZodType>),
  ),
} satisfies Record<Keys<Stripe.InvoiceRemoveLinesParams>, z.ZodType>;

export type CreateItemParams = z.infer<z.ZodObject<typeof createItemShape>>;
export type UpdateItemParams = z.infer<z.ZodObject<typeof updateItemShape>>;
export type PricingParams = z.infer<z.ZodObject<typeof pricing>> &
  Pick<UpdateItemParams, 'unit_amount_decimal'>;
