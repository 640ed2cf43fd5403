import {
  type Dispute,
  type Fact,
  type Invoice,
  type InvoiceStatus,
  type Money,
  type Observation,
  type Payment,
  type PaymentPolicy,
  ProgressState,
  type Refund,
} from '@quittance/contracts';
import { compareText } from './compare-text.ts';
import { type Closing, endsAtOf, type FactOf, firstEnd, type Said, type Timed } from './ends.ts';

/** What a stored observation contributes to how an invoice stands. */
export interface Evidence extends Pick<Observation, 'evidenceId' | 'facts'> {
  /** UTC ms, by the provider's clock. */
  occurredAt: number;
}

/** What an invoice owes and on which terms, as they were when it was made. Evidence can change what is owed. */
export interface Terms {
  owed: Money;
  policy: PaymentPolicy;
}

/** How an invoice stands: everything about it that evidence and our own acts decide. */
export type Standing = {
  /** What of the money received counts, in minor units. */
  accepted: number;
  /** Whether nothing more is owed, by the money or by the provider's word; refunds do not change it. */
  settled: boolean;
  /** The newest word of how far it has got; null while there is none. */
  progress: ProgressState | null;
  /** When the provider stops taking money for it by its newest word, UTC ms; null where it does not say. */
  endsAt: number | null;
} & Pick<
  Invoice,
  | 'amount'
  | 'status'
  | 'exception'
  | 'statusReason'
  | 'received'
  | 'refunded'
  | 'disputed'
  | 'payments'
  | 'refunds'
  | 'disputes'
>;

/** Of two facts of one moment, the one that comes later in a payment's life counts as the newer. */
const rankOf = (fact: Fact): number => {
  switch (fact.kind) {
    case 'progress':
      return ProgressState.options.indexOf(fact.state);
    case 'ends':
    case 'owed':
      return 0;
    case 'received':
    case 'payment':
      return 20;
    case 'refund':
      return { pending: 30, succeeded: 31, failed: 32, canceled: 32 }[fact.state];
    case 'dispute':
      return { open: 40, lost: 41, won: 42 }[fact.state];
  }
};

const rank = (facts: readonly Fact[]): number => Math.max(0, ...facts.map(rankOf));

/** A total order of evidence in time, the same however it arrived. */
export const byTime = (a: Evidence, b: Evidence): number =>
  a.occurredAt - b.occurredAt ||
  rank(a.facts) - rank(b.facts) ||
  compareText(a.evidenceId, b.evidenceId);

const sum = (amounts: readonly number[]): number =>
  amounts.reduce((total, amount) => total + amount, 0);

const sumOf = (items: readonly { money: Money }[]): number =>
  sum(items.map(({ money }) => money.amount));

const groupByRef = <F extends { ref: string }>(facts: readonly F[]): F[][] =>
  Object.values(Object.groupBy(facts, ({ ref }) => ref)).map((group) => group ?? []);

const newestOfEach = <F extends { ref: string }>(facts: readonly F[]): F[] => [
  ...new Map(facts.map((fact) => [fact.ref, fact])).values(),
];

/** A payment and when its money moved, UTC ms. */
type SettledPayment = Payment & { at: number };

/** One payment from all that was said of it. Its money only grows; it moved when the earliest word of it says. */
const mergePayment = (
  said: readonly Timed<FactOf<'payment'>>[],
  lateAfter: number,
): SettledPayment => {
  const [largest] = said.toSorted(
    (a, b) => b.money.amount - a.money.amount || compareText(a.money.currency, b.money.currency),
  );
  if (!largest) throw new Error('A payment without evidence');
  const at = Math.min(
    ...said.map((fact) => (fact.paidAt === null ? fact.at : Date.parse(fact.paidAt))),
  );
  return {
    ref: largest.ref,
    money: largest.money,
    paidAt: new Date(at).toISOString(),
    payer: said.find(({ payer }) => payer !== null)?.payer ?? null,
    late: at > lateAfter,
    crypto: said.findLast(({ crypto }) => crypto !== undefined)?.crypto ?? null,
    at,
  };
};

/**
 * What of the provider's own totals its single payments do not explain, as payments under the invoice's own id: so
 * that money which is told both ways counts once, in whichever order. The rest moved when the whole was there.
 */
const restOfTotals = (
  totals: readonly Timed<FactOf<'received'>>[],
  payments: readonly SettledPayment[],
  lateAfter: number,
): SettledPayment[] =>
  groupByRef(totals).flatMap((said) => {
    const most = Math.max(...said.map(({ money }) => money.amount));
    const total = mergePayment(
      said
        .filter(({ money }) => money.amount === most)
        .map((fact) => ({ ...fact, kind: 'payment' as const, payer: null })),
      lateAfter,
    );
    const { currency, amount } = total.money;
    const told = sumOf(payments.filter(({ money }) => money.currency === currency));
    return amount > told ? [{ ...total, money: { amount: amount - told, currency } }] : [];
  });

/** What is owed by the newest word of it, in the invoice's currency. */
const owedOf = (facts: readonly Timed<Fact>[], { owed }: Terms): Money =>
  facts
    .filter((fact) => fact.kind === 'owed')
    .findLast(({ money }) => money.currency === owed.currency)?.money ?? owed;

/** Why it stands so: of several words of one moment that say the same, the one that has a reason. */
const reasonOf = (progress: readonly Said[], { state, at }: Said): string | null =>
  progress.findLast((said) => said.state === state && said.at === at && said.reason !== null)
    ?.reason ?? null;

/** In minor units; never so much that nothing at all would do, unless nothing is owed. */
const toleranceOf = ({ owed, policy: { tolerance } }: Terms): number =>
  Math.min(
    Math.max(0, owed.amount - 1),
    tolerance.kind === 'absolute'
      ? tolerance.amount
      : Math.floor((owed.amount * tolerance.basisPoints) / 10_000),
  );

/** The least that settles an invoice, in minor units. */
const settlesAt = (terms: Terms): number => terms.owed.amount - toleranceOf(terms);

/** What of the money counts towards the invoice on its account's terms: all of it, or the largest payment alone. */
const acceptedOf = (counted: readonly Payment[], { topUp, late }: PaymentPolicy): number => {
  const accepted = counted.filter((payment) => late === 'accept' || !payment.late);
  return topUp ? sumOf(accepted) : Math.max(0, ...accepted.map(({ money }) => money.amount));
};

const statusWithoutMoney = {
  draft: 'draft',
  awaiting: 'pending',
  overdue: 'pending',
  action_required: 'pending',
  attempt_failed: 'pending',
  processing: 'processing',
  uncollectible: 'uncollectible',
  settled: 'paid',
  expired: 'expired',
  canceled: 'canceled',
  refused: 'failed',
} as const satisfies Record<ProgressState, InvoiceStatus>;

const exceptionOf = (
  terms: Terms,
  payments: readonly Payment[],
  { received, accepted }: { received: number; accepted: number },
): Invoice['exception'] => {
  const { owed } = terms;
  if (payments.some(({ late }) => late)) return 'late';
  if (payments.some(({ money }) => money.currency !== owed.currency)) return 'wrong_currency';
  if (received === 0) return 'none';
  if (accepted < settlesAt(terms)) return 'partial';
  return received > owed.amount + toleranceOf(terms) ? 'over' : 'none';
};

const disputedOf = (disputes: readonly Dispute[]): Invoice['disputed'] =>
  (['open', 'lost', 'won'] as const).find((state) =>
    disputes.some((dispute) => dispute.state === state),
  ) ?? 'none';

/**
 * How an invoice stands, from its terms, the set of its evidence and our own acts alone: twice, late or in any order,
 * the same gives the same. Money that arrived is never out of sight, whatever else is said or done.
 */
export const standingOf = (
  madeFor: Terms,
  evidence: readonly Evidence[],
  closings: readonly Closing[] = [],
): Standing => {
  const facts = evidence
    .toSorted(byTime)
    .flatMap((item) => item.facts.map((fact) => ({ ...fact, at: item.occurredAt })));
  const progress = facts.filter((fact) => fact.kind === 'progress');
  const endsAt = endsAtOf(facts);
  const end = firstEnd(progress, closings, endsAt);
  // Money that is on its way is waited for: our own clock does not end what the provider is still at.
  const endIfUnpaid =
    progress.at(-1)?.state === 'processing'
      ? firstEnd(
          progress,
          closings.filter(({ as }) => as !== 'expired'),
          endsAt,
        )
      : end;
  const lateAfter = Math.min(end?.at ?? Infinity, endsAt ?? Infinity);

  const told = groupByRef(facts.filter((fact) => fact.kind === 'payment')).map((said) =>
    mergePayment(said, lateAfter),
  );
  const totals = facts.filter((fact) => fact.kind === 'received');
  const payments = [...told, ...restOfTotals(totals, told, lateAfter)]
    .toSorted((a, b) => a.at - b.at || compareText(a.ref, b.ref))
    .map(({ at: _at, ...payment }): Payment => payment);
  const refunds = newestOfEach(facts.filter((fact) => fact.kind === 'refund')).map(
    ({ ref, money, state }): Refund => ({ ref, money, state }),
  );
  const disputes = newestOfEach(facts.filter((fact) => fact.kind === 'dispute')).map(
    ({ ref, money, state }): Dispute => ({ ref, money, state }),
  );

  const terms = { ...madeFor, owed: owedOf(facts, madeFor) };
  const counted = payments.filter(({ money }) => money.currency === terms.owed.currency);
  const received = sumOf(counted);
  const refunded = Math.min(
    received,
    sumOf(
      refunds.filter(
        ({ state, money }) => state === 'succeeded' && money.currency === terms.owed.currency,
      ),
    ),
  );
  const accepted = acceptedOf(counted, terms.policy);
  const current = progress.find(({ state }) => state === 'refused') ?? progress.at(-1);

  // Money that the policy sets aside settles nothing, whatever the provider makes of it.
  const isSettledByWord =
    accepted === received && progress.some(({ state }) => state === 'settled');
  const settled = isSettledByWord || (accepted > 0 && accepted >= settlesAt(terms));
  const unpaid = (): InvoiceStatus => {
    if (current?.state === 'refused') return 'failed';
    return endIfUnpaid?.as ?? (current ? statusWithoutMoney[current.state] : 'creating');
  };
  const status = (): InvoiceStatus => {
    if (settled && refunded > 0) return refunded === received ? 'refunded' : 'partially_refunded';
    if (settled) return 'paid';
    const isPartlyPaid = accepted > 0 && refunded < received;
    return isPartlyPaid && current?.state !== 'uncollectible' ? 'partially_paid' : unpaid();
  };

  return {
    amount: terms.owed.amount,
    status: status(),
    exception: exceptionOf(terms, payments, { received, accepted }),
    statusReason: received > 0 || !current ? null : reasonOf(progress, current),
    received,
    accepted,
    settled,
    progress: current?.state ?? null,
    endsAt,
    refunded,
    disputed: disputedOf(disputes),
    payments,
    refunds,
    disputes,
  };
};
