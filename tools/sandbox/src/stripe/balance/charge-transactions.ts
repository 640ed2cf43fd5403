import type { Stripe } from 'stripe';
import type { Call } from '../call.ts';
import { chargeFee } from './fees.ts';
import { recordTransaction } from './record-transaction.ts';

type Charged = Pick<
  Stripe.Charge,
  'amount_captured' | 'currency' | 'description' | 'id' | 'payment_method_details'
>;

const isCard = (charge: Charged): boolean => charge.payment_method_details?.type === 'card';

/** The money of a charge comes in. */
export const recordCharge = (call: Call, charge: Charged): Stripe.BalanceTransaction =>
  recordTransaction(call, {
    amount: charge.amount_captured,
    fee: chargeFee(charge.amount_captured, charge.currency),
    currency: charge.currency,
    description: charge.description,
    source: charge.id,
    type: isCard(charge) ? 'charge' : 'payment',
    reportingCategory: 'charge',
  });

type Refunded = Pick<Stripe.Refund, 'amount' | 'id'>;

/** The money of a refund goes back. Stripe keeps its fee. */
export const recordRefund = (
  call: Call,
  charge: Charged,
  refund: Refunded,
): Stripe.BalanceTransaction =>
  recordTransaction(call, {
    amount: -refund.amount,
    fee: 0,
    currency: charge.currency,
    description: `REFUND FOR CHARGE${charge.description ? ` (${charge.description})` : ''}`,
    source: refund.id,
    type: isCard(charge) ? 'refund' : 'payment_refund',
    reportingCategory: 'refund',
  });

/** The money of a refund that failed comes back. */
export const recordRefundFailure = (
  call: Call,
  charge: Charged,
  refund: Refunded,
): Stripe.BalanceTransaction =>
  recordTransaction(call, {
    amount: refund.amount,
    fee: 0,
    currency: charge.currency,
    description: `REFUND FAILURE FOR CHARGE${charge.description ? ` (${charge.description})` : ''}`,
    source: refund.id,
    type: isCard(charge) ? 'refund_failure' : 'payment_failure_refund',
    reportingCategory: 'refund_failure',
  });
