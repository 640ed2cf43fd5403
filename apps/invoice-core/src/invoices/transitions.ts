import type { Dispute, EventType, Payment, ProgressState } from '@quittance/contracts';
import type { Standing } from './standing.ts';

/** A standing with what is needed to compare it: whether the provider has the invoice. */
export type Stand = Standing & { opened: boolean };

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
  uncollectible: { type: 'invoice.uncollectible', rule: 'the provider has written it off' },
};

/** Money by currency: which payments it is told as does not matter. */
const moneyIn = (payments: readonly Payment[]): string => {
  const sums = new Map<string, number>();
  for (const { money } of payments) {
    sums.set(money.currency, (sums.get(money.currency) ?? 0) + money.amount);
  }
  return JSON.stringify([...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)));
};

const closedOf = (disputes: readonly Dispute[]): number =>
  disputes.filter(({ state }) => state !== 'open').length;

/** What the money did. It settles an invoice once, whatever is refunded later. */
const moneyTransition = (before: Stand, after: Stand): Transition | undefined => {
  if (after.settled && !before.settled) {
    return {
      type: 'invoice.paid',
      rule:
        after.accepted > 0 && after.exception !== 'partial'
          ? 'the money received reaches the amount owed, within its tolerance'
          : 'the provider says that nothing more is owed',
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

/** What changed about an invoice that stays payable. */
const turns: Partial<Record<ProgressState, Transition>> = {
  attempt_failed: {
    type: 'invoice.payment_failed',
    rule: 'a payment was tried and failed; it stays payable',
  },
  action_required: {
    type: 'invoice.action_required',
    rule: 'the payer has to confirm the payment',
  },
  overdue: { type: 'invoice.overdue', rule: 'it was not paid when it was due' },
};

const turnOf = (before: Stand, after: Stand): Transition | undefined => {
  const isNews = after.progress !== before.progress || after.statusReason !== before.statusReason;
  return isNews && after.progress !== null ? turns[after.progress] : undefined;
};

/** What becomes of a draft without its terms having been fixed. */
const undone = new Set<Standing['status']>(['draft', 'expired', 'canceled', 'failed']);

/** What happened to an invoice between two standings, in the order that it is told. */
export const transitionsBetween = (before: Stand, after: Stand): Transition[] => {
  const transitions: Transition[] = [];
  if (!before.opened && after.opened) {
    transitions.push({ type: 'invoice.opened', rule: 'the provider has it' });
  }

  if (before.status === 'draft' && !undone.has(after.status)) {
    transitions.push({ type: 'invoice.finalized', rule: 'its terms are fixed' });
  }
  const turn = after.status === 'pending' ? turnOf(before, after) : undefined;
  if (turn) transitions.push(turn);

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
