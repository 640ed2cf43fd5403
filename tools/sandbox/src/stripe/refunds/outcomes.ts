import type { Stripe } from 'stripe';
import { previousAttributes } from '../api/changes.ts';
import { referredId } from '../api/reference.ts';
import type { Call } from '../call.ts';
import type { DueWork } from '../due-work.ts';
import { emit } from '../emit.ts';
import { testCardByFingerprint, type TestCard } from '../payment-methods/test-cards.ts';
import type { StripeState } from '../state.ts';
import { hideRefunded, payRefund, returnRefund, showRefunded } from './money.ts';

/** When the outcome of a refund is known. */
export interface RefundAgendaEntry {
  /** Unix seconds. */
  dueAt: number;
}

const outcomeSeconds = 60;

/** What becomes of a refund to this card after it was made; undefined where that is final. */
export const refundOutcomeOf = (charge: Stripe.Charge): TestCard['refund'] =>
  testCardByFingerprint(charge.payment_method_details?.card?.fingerprint)?.refund;

export const planOutcome = (call: Call, refund: Stripe.Refund): void => {
  call.state.refundAgenda.put(refund.id, { dueAt: call.now + outcomeSeconds });
};

/** What pending refunds will take from a charge, in minor units. */
export const pendingAmount = (state: StripeState, charge: Stripe.Charge): number => {
  let amount = 0;
  for (const [id] of state.refundAgenda.entries()) {
    const refund = state.refunds.get(id);
    if (refund?.status === 'pending' && refund.charge === charge.id) amount += refund.amount;
  }
  return amount;
};

const announce = (call: Call, before: Stripe.Refund, after: Stripe.Refund): void => {
  const previous = previousAttributes(before, after);
  emit(call, 'refund.updated', after, previous);
  emit(call, 'charge.refund.updated', after, previous);
  if (after.status === 'failed') emit(call, 'refund.failed', after, previous);
};

const settle = (call: Call, refund: Stripe.Refund): void => {
  const charge = call.state.charges.get(referredId(refund.charge));
  if (charge === undefined) throw new Error(`${refund.id} is of no charge`);
  if (refund.status === 'pending') {
    announce(call, refund, payRefund(call, charge, refund));
    showRefunded(call, charge, refund.amount);
  } else {
    hideRefunded(call, charge, refund.amount);
    announce(call, refund, returnRefund(call, charge, refund));
  }
};

/**
 * Refunds whose outcome comes later: a pending one succeeds, and one that had succeeded fails.
 * Source: https://docs.stripe.com/testing#refunds
 */
export const refundOutcomes: DueWork = {
  // The work runs once this second is over, and an outcome is due in the second that is written down.
  nextDue: (state) => {
    let earliest: number | undefined;
    for (const [, { dueAt }] of state.refundAgenda.entries()) {
      if (earliest === undefined || dueAt < earliest) earliest = dueAt;
    }
    return earliest === undefined ? undefined : earliest - 1;
  },
  run: (call) => {
    const due = [...call.state.refundAgenda.entries()].filter(([, { dueAt }]) => dueAt <= call.now);
    for (const [id] of due) {
      const refund = call.state.refunds.get(id);
      if (refund !== undefined) settle(call, refund);
      call.state.refundAgenda.delete(id);
    }
  },
};
