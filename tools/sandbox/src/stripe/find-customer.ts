import type { Stripe } from 'stripe';
import { resourceMissing } from './api/errors.ts';
import type { Call } from './call.ts';

/** @throws StripeError when there is no such customer, or it was deleted. */
export const findCustomer = (call: Call, id: string, paramName = 'id'): Stripe.Customer => {
  const customer = call.state.customers.get(id);
  if (customer === undefined || customer.deleted) {
    throw resourceMissing('customer', id, paramName);
  }
  return customer;
};
