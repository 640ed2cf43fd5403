import type { Stripe } from 'stripe';
import { invalidRequest } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { findPaymentMethod } from '../payment-methods/find.ts';
import { customerOf } from './customer-of.ts';

/** @throws StripeError unless the payment method is attached to the customer. */
export const findMethodOf = (
  call: Call,
  customer: string,
  id: string,
  paramName: string,
): Stripe.PaymentMethod => {
  const method = findPaymentMethod(call, id, paramName);
  if (method.customer === customer) return method;
  throw invalidRequest(
    `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
    { code: 'resource_missing', param: paramName },
  );
};

/** The payment method that the invoice is charged with when the call names none. */
export const defaultMethodOf = (
  call: Call,
  invoice: Stripe.Invoice,
): Stripe.PaymentMethod | undefined => {
  const customer = customerOf(call.state, invoice);
  if (customer === undefined) return undefined;
  const ids = [invoice.default_payment_method, customer.invoice_settings.default_payment_method];
  const methods = ids.map((id) =>
    typeof id === 'string' ? call.state.paymentMethods.get(id) : undefined,
  );
  return methods.find((method) => method?.customer === customer.id);
};

export const noDefaultMethod = () =>
  invalidRequest(
    'There is no `default_payment_method` set on the associated Customer, Invoice, or Subscription. Set a default on one of those objects, or specify the Payment Method you wish to use in the `payment_method` parameter.',
    { code: 'missing' },
  );
