import { DomainError } from '@quittance/rpc';
import type { FlowOptions, InvoiceLine, OpenInput } from '@quittance/contracts';
import type { Stripe } from 'stripe';
import { hubField } from './invoice-mapping.ts';
import { isExactAtStripe, toStripeAmount } from './currencies.ts';

export type InvoiceOptions = Extract<FlowOptions, { flow: 'stripe.invoice' }>;

const collectionParams = ({ due }: InvoiceOptions): Stripe.InvoiceCreateParams => {
  if (due === null) return { collection_method: 'charge_automatically' };
  const method = { collection_method: 'send_invoice' } as const;
  return due.kind === 'days'
    ? { ...method, days_until_due: due.days }
    : { ...method, due_date: Math.floor(Date.parse(due.time) / 1000) };
};

/** A draft on which Stripe itself does nothing until it is finalized, whatever becomes of us. */
export const draftParams = (
  { key, money, description, invoiceId, customer }: OpenInput,
  options: InvoiceOptions,
  customerRef: string,
): Stripe.InvoiceCreateParams => ({
  customer: customerRef,
  auto_advance: false,
  ...collectionParams(options),
  currency: money.currency.toLowerCase(),
  pending_invoice_items_behavior: 'exclude',
  metadata: {
    [hubField]: key,
    invoice_id: String(invoiceId),
    user: String(customer.userId),
  },
  ...(options.paymentMethod !== null && { default_payment_method: options.paymentMethod }),
  ...(description !== null && { description }),
  ...(options.footer !== null && { footer: options.footer }),
});

type LineParams = Stripe.InvoiceAddLinesParams.Line;

const exactAmount = (amount: number, currency: string): number => {
  if (isExactAtStripe({ amount, currency })) return toStripeAmount({ amount, currency });
  throw new DomainError(
    'provider_refused',
    `Stripe takes whole ${currency} only, and a line of ${amount} minor units is not`,
  );
};

/** A price at Stripe is never below zero; several of what takes off are one amount. */
const lineParams = (
  { description, quantity, unitAmount }: InvoiceLine,
  currency: string,
): LineParams => {
  const amount = exactAmount(unitAmount, currency);
  if (quantity === 1) return { description, amount };
  if (amount < 0) return { description: `${quantity} × ${description}`, amount: quantity * amount };
  return {
    description,
    quantity,
    price_data: {
      currency: currency.toLowerCase(),
      unit_amount: amount,
      product_data: { name: description },
    },
  };
};

/** @throws DomainError `provider_refused` for an amount that Stripe has no units for */
export const linesParams = (
  { money }: OpenInput,
  { lines }: InvoiceOptions,
): Pick<Stripe.InvoiceAddLinesParams, 'lines'> => ({
  lines: lines.map((line) => lineParams(line, money.currency)),
});
