import type { Stripe } from 'stripe';
import { previousAttributes } from './api/changes.ts';
import type { Call } from './call.ts';
import { emit } from './emit.ts';

/** Records a changed customer, with `customer.updated` where something differs. */
export const saveCustomer = (call: Call, before: Stripe.Customer, after: Stripe.Customer): void => {
  const previous = previousAttributes(before, after);
  if (previous === undefined) return;
  call.state.customers.put(after.id, after);
  emit(call, 'customer.updated', after, previous);
};

/** The first currency that a customer is billed in becomes the default of what follows. */
export const rememberCurrency = (call: Call, customer: Stripe.Customer, currency: string): void => {
  if (!customer.currency) saveCustomer(call, customer, { ...customer, currency });
};
