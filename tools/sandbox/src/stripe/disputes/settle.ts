import type { Stripe } from 'stripe';
import { previousAttributes } from '../api/changes.ts';
import { invalidRequest } from '../api/errors.ts';
import { disputeFee } from '../balance/fees.ts';
import { recordTransaction } from '../balance/record-transaction.ts';
import type { Call } from '../call.ts';
import { emit } from '../emit.ts';
import { dueBy } from './build.ts';

const inquiryStatuses = ['warning_needs_response', 'warning_under_review'];
const closedStatuses = ['lost', 'warning_closed', 'won'];

export const isInquiry = ({ status }: Stripe.Dispute): boolean => inquiryStatuses.includes(status);

export const isClosed = ({ status }: Stripe.Dispute): boolean => closedStatuses.includes(status);

/** @throws StripeError when the dispute is decided. */
export const checkOpen = (dispute: Stripe.Dispute): void => {
  if (isClosed(dispute)) throw invalidRequest('This dispute is already closed');
};

const chargeIdOf = ({ charge }: Stripe.Dispute): string =>
  typeof charge === 'string' ? charge : charge.id;

/** The dispute with its amount and a fee taken from the balance. */
export const withdrawFunds = (call: Call, dispute: Stripe.Dispute): Stripe.Dispute => ({
  ...dispute,
  balance_transactions: [
    recordTransaction(call, {
      amount: -dispute.amount,
      fee: disputeFee(dispute.currency),
      currency: dispute.currency,
      description: `Chargeback withdrawal for ${chargeIdOf(dispute)}`,
      source: dispute.id,
      type: 'adjustment',
      reportingCategory: 'dispute',
    }),
  ],
});

const reinstateFunds = (call: Call, dispute: Stripe.Dispute): Stripe.Dispute => ({
  ...dispute,
  balance_transactions: [
    ...dispute.balance_transactions,
    recordTransaction(call, {
      amount: dispute.amount,
      fee: 0,
      currency: dispute.currency,
      description: `Chargeback reversal for ${chargeIdOf(dispute)}`,
      source: dispute.id,
      type: 'adjustment',
      reportingCategory: 'dispute_reversal',
    }),
  ],
});

const save = (call: Call, dispute: Stripe.Dispute): Stripe.Dispute => {
  call.state.disputes.put(dispute.id, dispute);
  return dispute;
};

/** The bank decides for the merchant; an inquiry ends without taking money. */
export const winDispute = (call: Call, dispute: Stripe.Dispute): Stripe.Dispute => {
  checkOpen(dispute);
  if (isInquiry(dispute)) return closeInquiry(call, dispute);
  const won = save(call, {
    ...reinstateFunds(call, dispute),
    is_charge_refundable: true,
    status: 'won',
  });
  emit(call, 'charge.dispute.funds_reinstated', won, previousAttributes(dispute, won));
  emit(call, 'charge.dispute.closed', won, previousAttributes(dispute, won));
  return won;
};

/** The bank decides for the payer; an inquiry ends all the same without taking money. */
export const loseDispute = (call: Call, dispute: Stripe.Dispute): Stripe.Dispute => {
  checkOpen(dispute);
  if (isInquiry(dispute)) return closeInquiry(call, dispute);
  const lost = save(call, { ...dispute, is_charge_refundable: false, status: 'lost' });
  emit(call, 'charge.dispute.closed', lost, previousAttributes(dispute, lost));
  return lost;
};

const closeInquiry = (call: Call, dispute: Stripe.Dispute): Stripe.Dispute => {
  const closed = save(call, { ...dispute, status: 'warning_closed' });
  emit(call, 'charge.dispute.closed', closed, previousAttributes(dispute, closed));
  return closed;
};

/** The bank was not satisfied with the answer to its inquiry and takes the money after all. */
export const escalateInquiry = (call: Call, dispute: Stripe.Dispute): Stripe.Dispute => {
  const card = dispute.payment_method_details?.card;
  const escalated = save(call, {
    ...withdrawFunds(call, dispute),
    evidence_details: { ...dispute.evidence_details, due_by: dueBy(call.now) },
    is_charge_refundable: false,
    ...(card === undefined
      ? {}
      : { payment_method_details: { card: { ...card, case_type: 'chargeback' }, type: 'card' } }),
    status: 'needs_response',
  });
  emit(call, 'charge.dispute.updated', escalated, previousAttributes(dispute, escalated));
  emit(call, 'charge.dispute.funds_withdrawn', escalated);
  return escalated;
};
