import type { Stripe } from 'stripe';
import { z } from 'zod';
import { previousAttributes } from '../api/changes.ts';
import { invalidRequest } from '../api/errors.ts';
import { listPage } from '../api/list.ts';
import { mergeMetadata } from '../api/metadata.ts';
import * as param from '../api/params.ts';
import { route } from '../api/route.ts';
import type { Call } from '../call.ts';
import { emit } from '../emit.ts';
import { findCustomer } from '../find-customer.ts';
import { saveCustomer } from '../save-customer.ts';
import { attachPaymentMethod } from '../payment-methods/attach.ts';
import { createPaymentMethod, methodData, type MethodData } from '../payment-methods/build.ts';
import { findPaymentMethod } from '../payment-methods/find.ts';
import { methodTypes } from '../payment-methods/kinds.ts';

/** A customer's default is one of the customer's own payment methods, or none. */
const forgetDefault = (call: Call, customerId: string, methodId: string): void => {
  const customer = findCustomer(call, customerId);
  const settings = customer.invoice_settings;
  if (settings.default_payment_method !== methodId) return;
  saveCustomer(call, customer, {
    ...customer,
    invoice_settings: { ...settings, default_payment_method: null },
  });
};

const detach = (call: Call, _: object, id: string): Stripe.PaymentMethod => {
  const method = findPaymentMethod(call, id);
  if (method.customer === null) {
    throw invalidRequest(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
      { param: 'payment_method' },
    );
  }
  if (typeof method.customer === 'string') forgetDefault(call, method.customer, id);
  const detached = { ...method, customer: null };
  call.state.paymentMethods.put(id, detached);
  emit(call, 'payment_method.detached', detached, { customer: method.customer });
  return detached;
};

const updateShape = {
  allow_redisplay: methodData.allow_redisplay,
  billing_details: methodData.billing_details,
  card: z
    .strictObject({
      exp_month: param.integer.optional(),
      exp_year: param.integer.optional(),
      networks: param.ignored,
    })
    .optional(),
  metadata: methodData.metadata,
};

const update = (
  call: Call,
  params: z.infer<z.ZodObject<typeof updateShape>>,
  id: string,
): Stripe.PaymentMethod => {
  const before = findPaymentMethod(call, id);
  const method: Stripe.PaymentMethod = {
    ...before,
    allow_redisplay: params.allow_redisplay ?? before.allow_redisplay ?? 'unspecified',
    billing_details: params.billing_details ?? before.billing_details,
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
    ...(before.card === undefined
      ? {}
      : {
          card: {
            ...before.card,
            exp_month: params.card?.exp_month ?? before.card.exp_month,
            exp_year: params.card?.exp_year ?? before.card.exp_year,
          },
        }),
  };
  const previous = previousAttributes(before, method);
  if (previous === undefined) return before;
  call.state.paymentMethods.put(id, method);
  emit(call, 'payment_method.updated', method, previous);
  return method;
};

const create = (
  call: Call,
  { customer: _connectOnly, payment_method: _cloned, ...data }: MethodData & CloneParams,
): Stripe.PaymentMethod => createPaymentMethod(call, data);

// Cloning from a platform's customer is a matter of Connect, which is not emulated.
const cloneParams = { customer: param.ignored, payment_method: param.ignored };
type CloneParams = z.infer<z.ZodObject<typeof cloneParams>>;

const ofCustomer = (call: Call, customer: string | undefined, type?: string) =>
  call.state.paymentMethods
    .newestFirst()
    .filter(
      (method) =>
        method.customer !== null &&
        (customer === undefined || method.customer === customer) &&
        (type === undefined || method.type === type),
    );

const listShape = {
  ...param.paging,
  type: param.oneOf(methodTypes).optional(),
  allow_redisplay: param.ignored,
};

export const paymentMethodRoutes = [
  route('POST', '/v1/payment_methods', { ...methodData, ...cloneParams }, create),
  route(
    'GET',
    '/v1/payment_methods',
    { ...listShape, customer: param.text.optional(), customer_account: param.ignored },
    (call, { customer, type, limit, starting_after, ending_before }) => {
      if (customer !== undefined) findCustomer(call, customer, 'customer');
      return listPage('/v1/payment_methods', ofCustomer(call, customer, type), {
        limit,
        starting_after,
        ending_before,
      });
    },
  ),
  route('GET', '/v1/customers/:id/payment_methods', listShape, (call, { type, ...paging }, id) =>
    listPage(
      `/v1/customers/${id}/payment_methods`,
      ofCustomer(call, findCustomer(call, id).id, type),
      paging,
    ),
  ),
  route('GET', '/v1/payment_methods/:id', {}, (call, _, id) => findPaymentMethod(call, id)),
  route('POST', '/v1/payment_methods/:id', updateShape, update),
  route(
    'POST',
    '/v1/payment_methods/:id/attach',
    { customer: param.text, customer_account: param.ignored },
    (call, { customer }, id) => attachPaymentMethod(call, findPaymentMethod(call, id), customer),
  ),
  route('POST', '/v1/payment_methods/:id/detach', {}, detach),
];
