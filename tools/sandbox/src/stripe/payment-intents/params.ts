import type { Stripe } from 'stripe';
import { z } from 'zod';
import { invalidRequest } from '../api/errors.ts';
import * as param from '../api/params.ts';
import { methodData } from '../payment-methods/build.ts';
import { methodTypes } from '../payment-methods/kinds.ts';
import { checkAmount, checkCurrency } from './currencies.ts';

type Keys<P> = Exclude<keyof P, 'expand'>;

const captureMethod = param.oneOf(['automatic', 'automatic_async', 'manual']);
const futureUsage = param.oneOf(['off_session', 'on_session']);
const types = param.list(param.oneOf(methodTypes));
const currency = param.text.transform((value) => value.toLowerCase());

const offSession = z.union([
  param.oneOf(['one_off', 'recurring']).transform(() => true),
  param.boolean,
]);

const cardOptions = z.looseObject({
  capture_method: param.clearable(z.literal('manual')).optional(),
  request_three_d_secure: param.oneOf(['any', 'automatic', 'challenge']).optional(),
});

const methodOptions = z.looseObject({ card: param.clearable(cardOptions).optional() });

export type MethodOptions = z.infer<typeof methodOptions>;

const reference = param.clearable(param.text).default(null);

const paymentDetails = z.strictObject({
  customer_reference: reference,
  order_reference: reference,
});

/** What may be set on creation, by an update and when confirming. */
const common = {
  allowed_payment_method_types: types.optional(),
  amount_details: param.ignored,
  capture_method: captureMethod.optional(),
  excluded_payment_method_types: param.clearable(types).optional(),
  hooks: param.ignored,
  payment_details: param.clearable(paymentDetails).optional(),
  payment_method: param.text.optional(),
  payment_method_data: z.strictObject(methodData).optional(),
  payment_method_options: methodOptions.optional(),
  receipt_email: param.clearable(param.text).optional(),
  setup_future_usage: param.clearable(futureUsage).optional(),
  shipping: param.clearable(param.shipping).optional(),
};

const described = {
  application_fee_amount: param.ignored,
  customer: param.text.optional(),
  customer_account: param.ignored,
  description: param.clearable(param.limitedText(1000)).optional(),
  metadata: param.metadata.optional(),
  payment_method_configuration: param.ignored,
  statement_descriptor: param.clearable(param.limitedText(22)).optional(),
  statement_descriptor_suffix: param.clearable(param.limitedText(22)).optional(),
  transfer_data: param.ignored,
  transfer_group: param.clearable(param.text).optional(),
};

const confirming = {
  confirmation_token: param.ignored,
  error_on_requires_action: param.boolean.optional(),
  mandate: param.ignored,
  mandate_data: param.ignored,
  off_session: offSession.optional(),
  radar_options: param.ignored,
  return_url: param.text.optional(),
  use_stripe_sdk: param.boolean.optional(),
};

export const createShape = {
  ...common,
  ...described,
  ...confirming,
  amount: param.positiveInteger,
  automatic_payment_methods: z
    .strictObject({
      enabled: param.boolean,
      allow_redirects: param.oneOf(['always', 'never']).optional(),
    })
    .optional(),
  confirm: param.boolean.default(false),
  confirmation_method: param.oneOf(['automatic', 'manual']).default('automatic'),
  currency,
  on_behalf_of: param.ignored,
} satisfies Record<Keys<Stripe.PaymentIntentCreateParams>, z.ZodType>;

export const updateShape = {
  ...common,
  ...described,
  amount: param.positiveInteger.optional(),
  currency: currency.optional(),
} satisfies Record<Keys<Stripe.PaymentIntentUpdateParams>, z.ZodType>;

export const confirmShape = {
  ...common,
  ...confirming,
  amount_to_confirm: param.positiveInteger.optional(),
  client_secret: param.text.optional(),
} satisfies Record<Keys<Stripe.PaymentIntentConfirmParams> | 'client_secret', z.ZodType>;

export const captureShape = {
  amount_details: param.ignored,
  amount_to_capture: param.positiveInteger.optional(),
  application_fee_amount: param.ignored,
  final_capture: param.boolean.optional(),
  hooks: param.ignored,
  metadata: param.metadata.optional(),
  payment_details: param.ignored,
  statement_descriptor: param.clearable(param.limitedText(22)).optional(),
  statement_descriptor_suffix: param.clearable(param.limitedText(22)).optional(),
  transfer_data: param.ignored,
} satisfies Record<Keys<Stripe.PaymentIntentCaptureParams>, z.ZodType>;

export const cancelShape = {
  cancellation_reason: param
    .oneOf(['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'])
    .optional(),
} satisfies Record<Keys<Stripe.PaymentIntentCancelParams>, z.ZodType>;

export const listShape = {
  ...param.paging,
  created: param.created.optional(),
  customer: param.text.optional(),
  customer_account: param.ignored,
} satisfies Record<Keys<Stripe.PaymentIntentListParams>, z.ZodType>;

export type CreateParams = z.infer<z.ZodObject<typeof createShape>>;
export type UpdateParams = z.infer<z.ZodObject<typeof updateShape>>;
export type ConfirmParams = z.infer<z.ZodObject<typeof confirmShape>>;
export type CaptureParams = z.infer<z.ZodObject<typeof captureShape>>;

const onlyWithConfirm = ['return_url', 'off_session', 'error_on_requires_action'] as const;

/** Refuses what Stripe refuses before it creates anything. */
export const checkCreate = (params: CreateParams): void => {
  checkCurrency(params.currency);
  checkAmount(params.amount, params.currency);
  const misplaced = onlyWithConfirm.find((name) => params[name] !== undefined);
  if (params.confirm || misplaced === undefined) return;
  throw invalidRequest(`\`${misplaced}\` may only be provided when \`confirm\` is true.`, {
    param: misplaced,
  });
};
