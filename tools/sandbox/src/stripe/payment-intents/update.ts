import type { Stripe } from 'stripe';
import { mergeMetadata } from '../api/metadata.ts';
import { unexpectedState } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { findCustomer } from '../find-customer.ts';
import { chooseMethod } from './choose-method.ts';
import { checkAmount, checkCurrency } from './currencies.ts';
import { changeOffer } from './method-offer.ts';
import type { UpdateParams } from './params.ts';

const openStatuses = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

/** Whatever bears on the payment itself is fixed once the payment is under way. */
const fixedLater = [
  'amount',
  'currency',
  'customer',
  'payment_method',
  'payment_method_data',
  'capture_method',
  'setup_future_usage',
] as const satisfies (keyof UpdateParams)[];

const checkStatus = (intent: Stripe.PaymentIntent, params: UpdateParams): void => {
  if (openStatuses.includes(intent.status)) return;
  const name = fixedLater.find((field) => params[field] !== undefined);
  if (name === undefined) return;
  throw unexpectedState(
    `This PaymentIntent's ${name} could not be updated because it has a status of ${intent.status}. You may only update the ${name} of a PaymentIntent with one of the following statuses: ${openStatuses.join(', ')}.`,
    intent,
    name,
  );
};

const checkMoney = (intent: Stripe.PaymentIntent, params: UpdateParams): void => {
  if (params.amount === undefined && params.currency === undefined) return;
  const currency = params.currency ?? intent.currency;
  checkCurrency(currency);
  checkAmount(params.amount ?? intent.amount, currency);
};

/** No event tells of an update, as at Stripe. */
export const updateIntent = (
  call: Call,
  intent: Stripe.PaymentIntent,
  params: UpdateParams,
): Stripe.PaymentIntent => {
  checkStatus(intent, params);
  checkMoney(intent, params);
  if (params.customer !== undefined) findCustomer(call, params.customer, 'customer');

  const kept = <T>(change: T | undefined, current: T): T =>
    change === undefined ? current : change;
  const changed: Stripe.PaymentIntent = {
    ...intent,
    ...changeOffer(intent, params),
    amount: kept(params.amount, intent.amount),
    capture_method: kept(params.capture_method, intent.capture_method),
    currency: kept(params.currency, intent.currency),
    customer: kept(params.customer, intent.customer),
    description: kept(params.description, intent.description),
    metadata: mergeMetadata(intent.metadata, params.metadata),
    ...(params.payment_details && { payment_details: params.payment_details }),
    receipt_email: kept(params.receipt_email, intent.receipt_email),
    setup_future_usage: kept(params.setup_future_usage, intent.setup_future_usage),
    shipping: kept(params.shipping, intent.shipping),
    statement_descriptor: kept(params.statement_descriptor, intent.statement_descriptor),
    statement_descriptor_suffix: kept(
      params.statement_descriptor_suffix,
      intent.statement_descriptor_suffix,
    ),
    transfer_group: kept(params.transfer_group, intent.transfer_group),
  };
  const method = chooseMethod(call, changed, params);
  const updated: Stripe.PaymentIntent =
    method === undefined
      ? changed
      : {
          ...changed,
          payment_method: method.id,
          next_action: null,
          status: 'requires_confirmation',
        };
  call.state.paymentIntents.put(updated.id, updated);
  return updated;
};
