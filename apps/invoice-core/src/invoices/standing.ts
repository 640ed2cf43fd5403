import type { Fact, Invoice, InvoiceStatus, Money, Observation } from '@quittance/contracts';

/** What a stored observation contributes to how an invoice stands. */
export interface Evidence extends Pick<Observation, 'evidenceId' | 'facts'> {
  /** UTC ms, by the provider's clock. */
  occurredAt: number;
}

/** How an invoice stands: everything about it that evidence decides. */
export type Standing = Pick<
  Invoice,
  'status' | 'exception' | 'statusReason' | 'received' | 'refunded'
>;

type FactOf<K extends Fact['kind']> = Extract<Fact, { kind: K }>;

/** Of two facts of one second, the one that comes later in a payment's life counts as the newer. */
const rankOf = (fact: Fact): number => {
  if (fact.kind === 'payment') return 5;
  if (fact.kind === 'refund') return 6;
  return { awaiting: 0, processing: 1, attempt_failed: 2, canceled: 3, refused: 4 }[fact.state];
};

const rank = (facts: readonly Fact[]): number => Math.max(0, ...facts.map(rankOf));

/** A total order of evidence in time, the same however it arrived. */
export const byTime = (a: Evidence, b: Evidence): number =>
  a.occurredAt - b.occurredAt ||
  rank(a.facts) - rank(b.facts) ||
  (a.evidenceId < b.evidenceId ? -1 : Number(a.evidenceId > b.evidenceId));

const sum = (amounts: Iterable<number>): number =>
  [...amounts].reduce((total, amount) => total + amount, 0);

/** The money of a payment only grows, so the largest amount seen is the newest. */
const receivedOf = (payments: readonly FactOf<'payment'>[], currency: string): number => {
  const byRef = new Map<string, number>();
  for (const { ref, money } of payments) {
    if (money.currency === currency) {
      byRef.set(ref, Math.max(byRef.get(ref) ?? 0, money.amount));
    }
  }
  return sum(byRef.values());
};

const refundedOf = (refundsInOrder: readonly FactOf<'refund'>[]): number => {
  const newest = new Map(refundsInOrder.map((refund) => [refund.ref, refund]));
  const succeeded = [...newest.values()].filter(({ state }) => state === 'succeeded');
  return sum(succeeded.map(({ money }) => money.amount));
};

const isFinal = ({ state }: FactOf<'progress'>): boolean =>
  state === 'canceled' || state === 'refused';

const statusWithoutMoney = {
  awaiting: 'pending',
  attempt_failed: 'pending',
  processing: 'processing',
  canceled: 'canceled',
  refused: 'failed',
} as const satisfies Record<FactOf<'progress'>['state'], InvoiceStatus>;

const statusWithMoney = (owed: number, received: number, refunded: number): InvoiceStatus => {
  if (refunded >= received) return 'refunded';
  if (refunded > 0) return 'partially_refunded';
  return received < owed ? 'partially_paid' : 'paid';
};

const exceptionOf = (owed: number, received: number): Invoice['exception'] => {
  if (received === 0 || received === owed) return 'none';
  return received < owed ? 'partial' : 'over';
};

/**
 * How an invoice stands, from the set of its evidence alone: twice, late or in any order, the same evidence gives
 * the same standing. Money that arrived is never out of sight, whatever else is said.
 */
export const standingOf = (owed: Money, evidence: readonly Evidence[]): Standing => {
  const facts = evidence.toSorted(byTime).flatMap((item) => item.facts);
  const progress = facts.filter((fact) => fact.kind === 'progress');
  const payments = facts.filter((fact) => fact.kind === 'payment');
  const refunds = facts.filter((fact) => fact.kind === 'refund');

  const received = receivedOf(payments, owed.currency);
  const refunded = Math.min(refundedOf(refunds), received);
  const current = progress.find(isFinal) ?? progress.at(-1);
  const unpaid = current ? statusWithoutMoney[current.state] : 'creating';
  return {
    status: received > 0 ? statusWithMoney(owed.amount, received, refunded) : unpaid,
    exception: exceptionOf(owed.amount, received),
    statusReason: received > 0 ? null : (current?.reason ?? null),
    received,
    refunded,
  };
};
