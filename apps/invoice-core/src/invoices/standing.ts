import type {
  Dispute,
  Fact,
  Invoice,
  InvoiceStatus,
  Money,
  Observation,
  Payment,
  PaymentPolicy,
  Refund,
} from '@quittance/contracts';

/** What a stored observation contributes to how an invoice stands. */
export interface Evidence extends Pick<Observation, 'evidenceId' | 'facts'> {
  /** UTC ms, by the provider's clock. */
  occurredAt: number;
}

/** When we ourselves ended an invoice, UTC ms: by its expiry, or where the provider knows no cancelling, by cancel. */
export interface Closing {
  as: 'expired' | 'canceled';
  at: number;
}

/** What an invoice owes and on which terms. Both are fixed when it is made. */
export interface Terms {
  owed: Money;
  policy: PaymentPolicy;
}

/** How an invoice stands: everything about it that evidence and our own acts decide. */
export type Standing = { accepted: number } & Pick<
  Invoice,
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

type FactOf<K extends Fact['kind']> = Extract<Fact, { kind: K }>;
type Timed<F> = F & { at: number };

/** Of two facts of one moment, the one that comes later in a payment's life counts as the newer. */
const rankOf = (fact: Fact): number => {
  switch (fact.kind) {
    case 'progress':
      return { awaiting: 0, processing: 1, attempt_failed: 2, expired: 3, canceled: 4, refused: 5 }[
        fact.state
      ];
    case 'payment':
      return 6;
    case 'refund':
      return { pending: 7, succeeded: 8, failed: 9, canceled: 9 }[fact.state];
    case 'dispute':
      return { open: 10, lost: 11, won: 12 }[fact.state];
  }
};

const rank = (facts: readonly Fact[]): number => Math.max(0, ...facts.map(rankOf));

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

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

/** One payment from all that was said of it. Its money only grows; it moved when the earliest word of it says. */
const mergePayment = (
  said: readonly Timed<FactOf<'payment'>>[],
  closedAt: number | undefined,
): Payment & { at: number } => {
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
    late: closedAt !== undefined && at > closedAt,
    at,
  };
};

type Progress = Timed<FactOf<'progress'>>;

const closingOf = ({ state, at }: Progress): Closing | undefined =>
  state === 'expired' || state === 'canceled' ? { as: state, at } : undefined;

/** The first thing that ended the invoice, whether we or the provider did. */
const firstClosing = (
  progress: readonly Progress[],
  closings: readonly Closing[],
): Closing | undefined =>
  [...closings, ...progress.flatMap((fact) => closingOf(fact) ?? [])]
    .toSorted((a, b) => a.at - b.at || compareText(b.as, a.as))
    .at(0);

/** In minor units; never so much that nothing at all would do. */
const toleranceOf = ({ owed, policy: { tolerance } }: Terms): number =>
  Math.min(
    owed.amount - 1,
    tolerance.kind === 'absolute'
      ? tolerance.amount
      : Math.floor((owed.amount * tolerance.basisPoints) / 10_000),
  );

/** The least that settles an invoice, in minor units. */
export const settlesAt = (terms: Terms): number => terms.owed.amount - toleranceOf(terms);

/** What of the money counts towards the invoice on its account's terms: all of it, or the largest payment alone. */
const acceptedOf = (counted: readonly Payment[], { topUp, late }: PaymentPolicy): number => {
  const accepted = counted.filter((payment) => late === 'accept' || !payment.late);
  return topUp ? sumOf(accepted) : Math.max(0, ...accepted.map(({ money }) => money.amount));
};

const statusWithoutMoney = {
  awaiting: 'pending',
  attempt_failed: 'pending',
  processing: 'processing',
  expired: 'expired',
  canceled: 'canceled',
  refused: 'failed',
} as const satisfies Record<FactOf<'progress'>['state'], InvoiceStatus>;

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
  terms: Terms,
  evidence: readonly Evidence[],
  closings: readonly Closing[] = [],
): Standing => {
  const facts = evidence
    .toSorted(byTime)
    .flatMap((item) => item.facts.map((fact) => ({ ...fact, at: item.occurredAt })));
  const progress = facts.filter((fact) => fact.kind === 'progress');
  const closing = firstClosing(progress, closings);

  const payments = groupByRef(facts.filter((fact) => fact.kind === 'payment'))
    .map((said) => mergePayment(said, closing?.at))
    .toSorted((a, b) => a.at - b.at || compareText(a.ref, b.ref))
    .map(({ at: _at, ...payment }): Payment => payment);
  const refunds = newestOfEach(facts.filter((fact) => fact.kind === 'refund')).map(
    ({ ref, money, state }): Refund => ({ ref, money, state }),
  );
  const disputes = newestOfEach(facts.filter((fact) => fact.kind === 'dispute')).map(
    ({ ref, money, state }): Dispute => ({ ref, money, state }),
  );

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

  const unpaid = (): InvoiceStatus => {
    if (current?.state === 'refused') return 'failed';
    return closing?.as ?? (current ? statusWithoutMoney[current.state] : 'creating');
  };
  const status = (): InvoiceStatus => {
    if (refunded > 0) return refunded === received ? 'refunded' : 'partially_refunded';
    if (accepted === 0) return unpaid();
    return accepted >= settlesAt(terms) ? 'paid' : 'partially_paid';
  };

  return {
    status: status(),
    exception: exceptionOf(terms, payments, { received, accepted }),
    statusReason: received > 0 ? null : (current?.reason ?? null),
    received,
    accepted,
    refunded,
    disputed: disputedOf(disputes),
    payments,
    refunds,
    disputes,
  };
};
