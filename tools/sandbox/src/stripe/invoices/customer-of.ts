import type { Stripe } from 'stripe';
import { referredId } from '../api/reference.ts';
import type { StripeState } from '../state.ts';

/** The customer of an invoice; undefined once deleted. */
export const customerOf = (
  state: StripeState,
  invoice: Stripe.Invoice,
): Stripe.Customer | undefined => {
  const customer = state.customers.get(referredId(invoice.customer));
  return customer?.deleted === true ? undefined : customer;
};
