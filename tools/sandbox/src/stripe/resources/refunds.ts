import type { Stripe } from 'stripe';
import type { z } from 'zod';
import { previousAttributes } from '../api/changes.ts';
import { invalidRequest, resourceMissing } from '../api/errors.ts';
import { newId, randomText } from '../api/ids.ts';
import { isCreatedIn, listPage } from '../api/list.ts';
import { mergeMetadata } from '../api/metadata.ts';
import * as param from '../api/params.ts';
import { route } from '../api/route.ts';
import type { Call } from '../call.ts';
import { checkRefundable } from '../disputes/refundable.ts';
import { emit } from '../emit.ts';
import { formatAmount } from '../payment-intents/currencies.ts';
import { payRefund, showRefunded } from '../refunds/money.ts';
import { pendingAmount, planOutcome, refundOutcomeOf } from '../refunds/outcomes.ts';

const createShape = {
  amount: param.positiveInteger.optional(),
  charge: param.text.optional(),
  currency: param.ignored,
  customer: param.ignored,
  instructions_email: param.ignored,
  metadata: param.metadata.optional(),
  origin: param.ignored,
  payment_intent: param.text.optional(),
  reason: param.oneOf(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  refund_application_fee: param.ignored,
  reverse_transfer: param.ignored,
} satisfies Record<Exclude<keyof Stripe.RefundCreateParams, 'expand'>, z.ZodType>;

type CreateParams = z.infer<z.ZodObject<typeof createShape>>;

const chargeOfIntent = (call: Call, intentId: string): Stripe.Charge => {
  const intent = call.state.paymentIntents.get(intentId);
  if (intent === undefined) throw resourceMissing('payment_intent', intentId, 'payment_intent');
  const charge =
    typeof intent.latest_charge === 'string'
      ? call.state.charges.get(intent.latest_charge)
      : undefined;
  if (charge?.status !== 'succeeded') {
    throw invalidRequest(
      `This PaymentIntent (${intentId}) does not have a successful charge to refund.`,
      { param: 'payment_intent' },
    );
  }
  return charge;
};

const chargeToRefund = (call: Call, params: CreateParams): Stripe.Charge => {
  if (params.payment_intent !== undefined) return chargeOfIntent(call, params.payment_intent);
  if (params.charge === undefined) {
    throw invalidRequest(
      'One of the following params should be provided for this request: payment_intent or charge.',
    );
  }
  const charge = call.state.charges.get(params.charge);
  if (charge === undefined) throw resourceMissing('charge', params.charge, 'charge');
  return charge;
};

/** Minor units. @throws StripeError when the charge has less left to refund. */
const refundableAmount = (
  call: Call,
  charge: Stripe.Charge,
  wanted: number | undefined,
): number => {
  if (charge.status !== 'succeeded' || !charge.captured) {
    throw invalidRequest(
      `Charge ${charge.id} was not captured, so it cannot be refunded. Cancel its PaymentIntent instead.`,
      {
        code: 'charge_not_refundable',
      },
    );
  }
  const left = charge.amount_captured - charge.amount_refunded - pendingAmount(call.state, charge);
  if (left === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    });
  }
  const amount = wanted ?? left;
  if (amount <= left) return amount;
  throw invalidRequest(
    `Refund amount (${formatAmount(amount, charge.currency)}) is greater than unrefunded amount on charge (${formatAmount(left, charge.currency)})`,
    { param: 'amount' },
  );
};

const buildRefund = (
  call: Call,
  charge: Stripe.Charge,
  amount: number,
  params: CreateParams,
): Stripe.Refund => ({
  id: newId('re'),
  object: 'refund',
  amount,
  balance_transaction: null,
  charge: charge.id,
  created: call.now,
  currency: charge.currency,
  customer: charge.customer,
  customer_account: null,
  destination_details:
    charge.payment_method_details?.card === undefined
      ? { type: charge.payment_method_details?.type ?? 'card' }
      : {
          card: {
            reference: randomText(23),
            reference_status: 'available',
            reference_type: 'acquirer_reference_number',
            type: 'refund',
          },
          type: 'card',
        },
  metadata: params.metadata ?? {},
  payment_intent: charge.payment_intent,
  payment_method: charge.payment_method,
  reason: params.reason ?? null,
  receipt_number: null,
  source_transfer_reversal: null,
  status: 'succeeded',
  transfer_reversal: null,
});

const create = (call: Call, params: CreateParams): Stripe.Refund => {
  const before = chargeToRefund(call, params);
  checkRefundable(call, before);
  const built = buildRefund(call, before, refundableAmount(call, before, params.amount), params);
  const later = refundOutcomeOf(before);
  if (later !== undefined) planOutcome(call, built);
  if (later === 'pending') {
    const pending: Stripe.Refund = { ...built, pending_reason: 'processing', status: 'pending' };
    call.state.refunds.put(pending.id, pending);
    emit(call, 'refund.created', pending);
    return pending;
  }
  const refund = payRefund(call, before, built);
  emit(call, 'refund.created', refund);
  showRefunded(call, before, refund.amount);
  return refund;
};

const find = (call: Call, id: string): Stripe.Refund => {
  const refund = call.state.refunds.get(id);
  if (refund === undefined) throw resourceMissing('refund', id);
  return refund;
};

export const refundRoutes = [
  route('POST', '/v1/refunds', createShape, create),
  route(
    'GET',
    '/v1/refunds',
    {
      ...param.paging,
      charge: param.text.optional(),
      created: param.created.optional(),
      payment_intent: param.text.optional(),
    },
    (call, { charge, created, payment_intent: intent, ...paging }) => {
      const matching = call.state.refunds
        .newestFirst()
        .filter(
          (refund) =>
            isCreatedIn(refund.created, created) &&
            (charge === undefined || refund.charge === charge) &&
            (intent === undefined || refund.payment_intent === intent),
        );
      return listPage('/v1/refunds', matching, paging);
    },
  ),
  route('GET', '/v1/refunds/:id', {}, (call, _, id) => find(call, id)),
  route(
    'POST',
    '/v1/refunds/:id',
    { metadata: param.metadata.optional() },
    (call, { metadata }, id) => {
      const before = find(call, id);
      const refund = { ...before, metadata: mergeMetadata(before.metadata ?? {}, metadata) };
      const previous = previousAttributes(before, refund);
      if (previous === undefined) return before;
      call.state.refunds.put(id, refund);
      emit(call, 'refund.updated', refund, previous);
      return refund;
    },
  ),
];
