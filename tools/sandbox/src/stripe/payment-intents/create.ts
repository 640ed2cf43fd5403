import type { Stripe } from 'stripe';
import { newId, randomText } from '../api/ids.ts';
import { mergeMetadata } from '../api/metadata.ts';
import type { Call } from '../call.ts';
import { emit } from '../emit.ts';
import { findCustomer } from '../find-customer.ts';
import { chooseMethod } from './choose-method.ts';
import { attemptPayment } from './confirm.ts';
import { offerMethods } from './method-offer.ts';
import type { CreateParams } from './params.ts';

const buildIntent = (call: Call, params: CreateParams): Stripe.PaymentIntent => {
  const id = newId('pi');
  return {
    id,
    object: 'payment_intent',
    amount: params.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: params.capture_method ?? 'automatic_async',
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: params.confirmation_method,
    created: call.now,
    currency: params.currency,
    customer: params.customer ?? null,
    customer_account: null,
    description: params.description ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: mergeMetadata({}, params.metadata),
    next_action: null,
    on_behalf_of: null,
    ...(params.payment_details && { payment_details: params.payment_details }),
    payment_method: null,
    payment_record: null,
    processing: null,
    receipt_email: params.receipt_email ?? null,
    review: null,
    setup_future_usage: params.setup_future_usage ?? null,
    shipping: params.shipping ?? null,
    source: null,
    statement_descriptor: params.statement_descriptor ?? null,
    statement_descriptor_suffix: params.statement_descriptor_suffix ?? null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: params.transfer_group ?? null,
    ...offerMethods(params),
  };
};

export const createIntent = (call: Call, params: CreateParams): Stripe.PaymentIntent => {
  if (params.customer !== undefined) findCustomer(call, params.customer, 'customer');
  const built = buildIntent(call, params);
  const method = chooseMethod(call, built, params);
  const intent: Stripe.PaymentIntent =
    method === undefined
      ? built
      : { ...built, payment_method: method.id, status: 'requires_confirmation' };
  call.state.paymentIntents.put(intent.id, intent);
  emit(call, 'payment_intent.created', intent);
  return params.confirm ? attemptPayment(call, intent, params) : intent;
};
