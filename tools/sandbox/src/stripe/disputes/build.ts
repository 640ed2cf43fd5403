import type { Stripe } from 'stripe';
import { newId } from '../api/ids.ts';
import type { Call } from '../call.ts';
import type { DisputeKind } from './kinds.ts';

const daysToRespond = 8;
const secondsOfDay = 86_400;

/** The end of a day in UTC, as at Stripe. Unix seconds. */
export const dueBy = (now: number): number =>
  (Math.floor(now / secondsOfDay) + daysToRespond + 1) * secondsOfDay - 1;

const noEvidence: Stripe.Dispute.Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};

const methodDetails = (
  charge: Stripe.Charge,
  kind: DisputeKind,
): Pick<Stripe.Dispute, 'network_reason_code' | 'payment_method_details'> => {
  const card = charge.payment_method_details?.card;
  if (!card) return {};
  const brand = card.brand ?? 'visa';
  return {
    network_reason_code: kind.networkReasonCode,
    payment_method_details: {
      card: {
        brand,
        case_type: kind.caseType,
        network: card.network ?? brand,
        network_reason_code: kind.networkReasonCode,
      },
      type: 'card',
    },
  };
};

/** A dispute over all of a charge, before any money was taken. Not recorded. */
export const buildDispute = (
  call: Call,
  charge: Stripe.Charge,
  kind: DisputeKind,
): Stripe.Dispute => {
  const inquiry = kind.caseType === 'inquiry';
  return {
    id: newId('du'),
    object: 'dispute',
    amount: charge.amount_captured,
    balance_transactions: [],
    charge: charge.id,
    created: call.now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence,
    evidence_details: {
      due_by: dueBy(call.now),
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: inquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: kind.reason,
    status: inquiry ? 'warning_needs_response' : 'needs_response',
    ...methodDetails(charge, kind),
  };
};
