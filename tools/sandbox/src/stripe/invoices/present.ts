import type { Stripe } from 'stripe';
import type { StripeState } from '../state.ts';
import { customerOf } from './customer-of.ts';
import { totalsOf } from './totals.ts';

const shownLines = 10;

/** What an invoice repeats of its customer. */
export const customerFacts = (customer: Stripe.Customer) =>
  ({
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: customer.shipping,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
  }) satisfies Partial<Stripe.Invoice>;

/** A draft follows its customer; from finalization on it is fixed. */
export const upToDate = (state: StripeState, invoice: Stripe.Invoice): Stripe.Invoice => {
  const customer = invoice.status === 'draft' ? customerOf(state, invoice) : undefined;
  if (customer === undefined) return invoice;
  return {
    ...invoice,
    ...customerFacts(customer),
    ...totalsOf(invoice.lines.data, customer, invoice.currency),
  };
};

/** The invoice as the API shows it: up to date, with its first lines only. */
export const presented = (state: StripeState, invoice: Stripe.Invoice): Stripe.Invoice => {
  const { data, ...lines } = invoice.lines;
  return {
    ...upToDate(state, invoice),
    lines: { ...lines, data: data.slice(0, shownLines), has_more: data.length > shownLines },
  };
};
