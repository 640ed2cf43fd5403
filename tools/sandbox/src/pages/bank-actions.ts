import type { Stripe } from 'stripe';
import { unexpectedState } from '../stripe/api/errors.ts';
import type { Call } from '../stripe/call.ts';
import { disputeKinds } from '../stripe/disputes/kinds.ts';
import { disputeOfCharge } from '../stripe/disputes/of-charge.ts';
import { openDispute } from '../stripe/disputes/open.ts';
import { isClosed, loseDispute, winDispute } from '../stripe/disputes/settle.ts';
import { latestCharge } from '../stripe/payment-intents/charge.ts';
import type { StripeState } from '../stripe/state.ts';

export const bankActions = ['dispute', 'inquire', 'win-dispute', 'lose-dispute'] as const;

export type BankAction = (typeof bankActions)[number];

/** Does what the payer's bank would do with the charge of a payment. */
export const performBankAction = (
  call: Call,
  intent: Stripe.PaymentIntent,
  action: BankAction,
): Stripe.Dispute => {
  const charge = latestCharge(call, intent);
  if (charge === undefined) throw unexpectedState('This PaymentIntent has no charge.', intent);
  if (action === 'dispute') return openDispute(call, charge, disputeKinds.fraudulent);
  if (action === 'inquire') return openDispute(call, charge, disputeKinds.inquiry);
  const dispute = disputeOfCharge(call.state, charge);
  if (dispute === undefined) {
    throw unexpectedState('The charge of this PaymentIntent is not disputed.', intent);
  }
  return action === 'win-dispute' ? winDispute(call, dispute) : loseDispute(call, dispute);
};

/** What the bank could do next. */
export const offeredBankActions = (
  state: StripeState,
  { latest_charge: charged, status }: Stripe.PaymentIntent,
): BankAction[] => {
  if (status !== 'succeeded' || typeof charged !== 'string') return [];
  const charge = state.charges.get(charged);
  if (charge === undefined) return [];
  const dispute = disputeOfCharge(state, charge);
  if (dispute === undefined) return ['dispute', 'inquire'];
  return isClosed(dispute) ? [] : ['win-dispute', 'lose-dispute'];
};
