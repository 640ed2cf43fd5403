import type { Dispute, EventType, Payment } from '@quittance/contracts';
import type { Standing } from './standing.ts';

/** A standing with what is needed to compare it: whether the provider has the invoice, and whether it is settled. */
export type Stand = Standing & { opened: boolean; settled: boolean };

/** What happened, and by which rule it followed from what was known. */
export interface Transition {
  type: EventType;
  rule: string;
}

const entering: Partial<Record<Standing['status'], Transition>> = {
  processing: { type: 'invoice.processing', rule: 'the provider is processing a payment' },
  expired: { type: 'invoice.expired', rule: 'it was not paid before it expired' },
  canceled: { type: 'invoice.canceled', rule: 'it was canceled and no money has arrived' },
  failed: { type: 'invoice.failed', rule: 'the provider refused to open it' },
};

const moneyIn = (payments: readonly Payment[]): string =>
  JSON.stringify(payments.map(({ ref, money }) => [ref, money.amount]));

const closedOf = (disputes: readonly Dispute[]): number =>
  disputes.filter(({ state }) => state !== 'open').length;

/** What the money did. It settles an invoice once, whatever is refunded later. */
const moneyTransition = (before: Stand, after: Stand): Transition | undefined => {
  if (after.settled && !before.settled) {
    return {
      type: 'invoice.paid',
      rule: 'the money received reaches the amount owed, within its tolerance',
    };
  }
  if (moneyIn(after.payments) === moneyIn(before.payments)) return undefined;
  return after.accepted > 0 && before.accepted === 0
    ? {
        type: 'invoice.partially_paid',
        rule: 'the money received is less than the amount owed and its tolerance',
      }
    : { type: 'invoice.payment_received', rule: 'money arrived that settles nothing by itself' };
};

/** What happened to an invoice between two standings, in the order that it is told. */
export const transitionsBetween = (before: Stand, after: Stand): Transition[] => {
  const transitions: Transition[] = [];
  if (!before.opened && after.opened) {
    transitions.push({ type: 'invoice.opened', rule: 'the provider has it' });
  }

  const attemptFailed =
    after.status === 'pending' &&
    after.statusReason !== null &&
    after.statusReason !== before.statusReason;
  if (attemptFailed) {
    transitions.push({
      type: 'invoice.payment_failed',
      rule: 'a payment was tried and failed; it stays payable',
    });
  }

  const entered = after.status === before.status ? undefined : entering[after.status];
  const money = moneyTransition(before, after);
  for (const transition of [entered, money]) if (transition) transitions.push(transition);

  if (after.refunded > before.refunded) {
    transitions.push({ type: 'invoice.refunded', rule: 'the provider gave money back' });
  }
  if (after.refunded < before.refunded) {
    transitions.push({ type: 'invoice.refund_failed', rule: 'a refund came back' });
  }
  if (after.disputes.length > before.disputes.length) {
    transitions.push({ type: 'invoice.disputed', rule: 'a payment is contested' });
  }
  if (closedOf(after.disputes) > closedOf(before.disputes)) {
    transitions.push({ type: 'invoice.dispute_closed', rule: 'a dispute was decided' });
  }
  return transitions;
};
