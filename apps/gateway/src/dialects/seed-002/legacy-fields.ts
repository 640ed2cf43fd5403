import { Seed002Created, type Seed002LegacyFields } from '@quittance/contracts/seed-002';
import { z } from 'zod';

const reference = z.union([z.string(), z.looseObject({ id: z.string() })]).nullish();

const expandedIntent = z.looseObject({
  id: z.string(),
  latest_charge: reference,
  application_fee_amount: z.int().nullish(),
  transfer_data: z.looseObject({}).nullish(),
});

const InvoicePayment = z.looseObject({
  is_default: z.boolean().nullish(),
  status: z.string().nullish(),
  payment: z.looseObject({
    type: z.string(),
    payment_intent: z.union([z.string(), expandedIntent]).nullish(),
    charge: reference,
  }),
});
type InvoicePayment = z.infer<typeof InvoicePayment>;

const TotalTax = z.looseObject({
  amount: z.int(),
  tax_behavior: z.string().nullish(),
  tax_rate_details: z.looseObject({ tax_rate: reference }).nullish(),
  taxability_reason: z.string().nullish(),
  taxable_amount: z.int().nullish(),
});
type TotalTax = z.infer<typeof TotalTax>;

/** Where Stripe's invoice object has today what it had elsewhere before. What is written otherwise counts as absent. */
const TodaysInvoice = z.object({
  status: z.string().nullish().catch(null),
  amount_paid_off_stripe: z.int().nullish().catch(null),
  discounts: z
    .array(z.union([z.string(), z.looseObject({})]))
    .nullish()
    .catch(null),
  lines: z
    .looseObject({ data: z.array(z.unknown()), has_more: z.boolean() })
    .nullish()
    .catch(null),
  parent: z
    .looseObject({
      quote_details: z.looseObject({ quote: reference }).nullish(),
      subscription_details: z
        .looseObject({
          subscription: reference,
          metadata: z.record(z.string(), z.string()).nullish(),
        })
        .nullish(),
    })
    .nullish()
    .catch(null),
  payments: z
    .looseObject({ data: z.array(InvoicePayment) })
    .nullish()
    .catch(null),
  rendering: z.looseObject({ amount_tax_display: z.string().nullish() }).nullish().catch(null),
  total_taxes: z.array(TotalTax).nullish().catch(null),
});
type TodaysInvoice = z.infer<typeof TodaysInvoice>;

/** That which collects it: the default payment, or else the newest that was not given up. */
const mainPayment = (payments: readonly InvoicePayment[]): InvoicePayment['payment'] | undefined =>
  (
    payments.find(({ is_default: isDefault }) => isDefault === true) ??
    payments.find(({ status }) => status !== 'canceled')
  )?.payment;

const isPaidOffStripe = ({ status, amount_paid_off_stripe, payments }: TodaysInvoice): boolean =>
  status === 'paid' &&
  ((amount_paid_off_stripe ?? 0) > 0 ||
    payments?.data.some((one) => one.status === 'paid' && one.payment.type === 'payment_record') ===
      true);

const legacyTax = (tax: TotalTax): Seed002LegacyFields['total_tax_amounts'][number] => ({
  amount: tax.amount,
  inclusive: tax.tax_behavior === 'inclusive',
  tax_rate: tax.tax_rate_details?.tax_rate ?? null,
  taxability_reason: tax.taxability_reason ?? null,
  taxable_amount: tax.taxable_amount ?? null,
});

const legacyFieldsOf = (today: TodaysInvoice): Seed002LegacyFields => {
  const payment = mainPayment(today.payments?.data ?? []);
  const intent = payment?.payment_intent ?? null;
  const expanded = typeof intent === 'string' ? null : intent;
  const [discount, ...otherDiscounts] = today.discounts ?? [];
  const subscription = today.parent?.subscription_details;
  const taxes = today.total_taxes ?? [];
  const amountTaxDisplay = today.rendering?.amount_tax_display ?? null;
  return {
    application_fee_amount: expanded?.application_fee_amount ?? null,
    charge: payment?.charge ?? expanded?.latest_charge ?? null,
    discount: typeof discount === 'object' && otherDiscounts.length === 0 ? discount : null,
    paid: today.status === 'paid',
    paid_out_of_band: isPaidOffStripe(today),
    payment_intent: intent,
    quote: today.parent?.quote_details?.quote ?? null,
    rendering_options: amountTaxDisplay === null ? null : { amount_tax_display: amountTaxDisplay },
    subscription: subscription?.subscription ?? null,
    subscription_details: { metadata: subscription?.metadata ?? null },
    tax: taxes.length === 0 ? null : taxes.reduce((sum, { amount }) => sum + amount, 0),
    total_tax_amounts: taxes.map(legacyTax),
    transfer_data: expanded?.transfer_data ?? null,
  };
};

/** Lists no longer say how many they have; where all of them are here, that can be counted. */
const withCount = ({ lines }: TodaysInvoice): { lines?: object } =>
  lines && !lines.has_more ? { lines: { total_count: lines.data.length, ...lines } } : {};

/**
 * Stripe's invoice object of any API version with all that the version of 2023-10-16 had. What the object has itself
 * stays as it is.
 * https://docs.stripe.com/changelog/basil/2025-03-31/add-support-for-multiple-partial-payments-on-invoices
 */
export const withLegacyFields = (invoice: Record<string, unknown>): Seed002Created => {
  const today = TodaysInvoice.parse(invoice);
  return Seed002Created.parse({ ...legacyFieldsOf(today), ...invoice, ...withCount(today) });
};
