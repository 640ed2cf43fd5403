import {
  type CryptoTransfer,
  defaultPolicy,
  type Fact,
  type Payment,
  type PaymentPolicy,
  ProgressState,
} from '@quittance/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Closing } from './ends.ts';
import { type Evidence, standingOf, type Terms } from './standing.ts';

const owed = { amount: 2050, currency: 'USD' };

const time = fc.integer({ min: 0, max: 5 });
const progress = fc.record({
  kind: fc.constant('progress' as const),
  state: fc.constantFrom(...ProgressState.options),
  reason: fc.option(fc.constantFrom('Declined', 'Insufficient funds'), { nil: null }),
});
const amount = fc.integer({ min: 1, max: 3000 });
const dollars = amount.map((value) => ({ amount: value, currency: 'USD' }));
const iso = (ms: number): string => new Date(ms).toISOString();
const transferOf = (hash: string): CryptoTransfer => ({
  amount: '20.50000000',
  cryptocurrency: 'usdt',
  blockchain: 'tron',
  hash,
  wallet: null,
});
const payment = fc.record(
  {
    kind: fc.constant('payment' as const),
    ref: fc.constantFrom('pay_1', 'pay_2', 'pay_3'),
    money: dollars,
    paidAt: fc.option(time.map(iso), { nil: null }),
    payer: fc.option(fc.constantFrom('ada', 'grace'), { nil: null }),
    crypto: fc.constantFrom('a', 'b').map(transferOf),
  },
  { requiredKeys: ['kind', 'ref', 'money', 'paidAt', 'payer'] },
);
const ends = fc.record({ kind: fc.constant('ends' as const), time: time.map(iso) });
const wholly = fc.record({
  kind: fc.constant('received' as const),
  ref: fc.constant('in_1'),
  money: dollars,
  paidAt: fc.constant(null),
});
const asked = fc.record({
  kind: fc.constant('owed' as const),
  money: fc.integer({ min: 0, max: 3000 }).map((value) => ({ amount: value, currency: 'USD' })),
});
const foreign = fc.record({
  kind: fc.constant('payment' as const),
  ref: fc.constantFrom('eur_1'),
  money: amount.map((value) => ({ amount: value, currency: 'EUR' })),
  paidAt: fc.constant(null),
  payer: fc.constant(null),
});
const refund = fc.record({
  kind: fc.constant('refund' as const),
  ref: fc.constantFrom('re_1', 're_2'),
  money: dollars,
  state: fc.constantFrom('pending' as const, 'succeeded' as const, 'failed' as const),
});
const dispute = fc.record({
  kind: fc.constant('dispute' as const),
  ref: fc.constantFrom('dp_1', 'dp_2'),
  money: dollars,
  state: fc.constantFrom('open' as const, 'won' as const, 'lost' as const),
});
const fact: fc.Arbitrary<Fact> = fc.oneof(
  { arbitrary: progress, weight: 3 },
  { arbitrary: payment, weight: 3 },
  { arbitrary: wholly, weight: 2 },
  ends,
  asked,
  foreign,
  refund,
  dispute,
);
const evidence: fc.Arbitrary<Evidence[]> = fc.uniqueArray(
  fc.record({
    evidenceId: fc.stringMatching(/^evt_[a-z]{1,3}$/),
    occurredAt: time,
    facts: fc.array(fact, { minLength: 1, maxLength: 3 }),
  }),
  { maxLength: 8, selector: ({ evidenceId }) => evidenceId },
);
const closings: fc.Arbitrary<Closing[]> = fc.array(
  fc.record({
    as: fc.constantFrom('expired' as const, 'canceled' as const),
    at: time,
    madeAt: time,
  }),
  { maxLength: 2 },
);
const policy: fc.Arbitrary<PaymentPolicy> = fc.record({
  tolerance: fc.oneof(
    fc.record({ kind: fc.constant('absolute' as const), amount: fc.integer({ min: 0, max: 100 }) }),
    fc.record({
      kind: fc.constant('percent' as const),
      basisPoints: fc.integer({ min: 0, max: 1000 }),
    }),
  ),
  topUp: fc.boolean(),
  late: fc.constantFrom('accept' as const, 'flag' as const),
});
const history = fc.record({
  terms: policy.map((value): Terms => ({ owed, policy: value })),
  evidence,
  closings,
});
const shuffledHistory = history.chain((one) =>
  fc.tuple(
    fc.constant(one),
    fc.shuffledSubarray(one.evidence, { minLength: one.evidence.length }),
    fc.shuffledSubarray(one.closings, { minLength: one.closings.length }),
  ),
);

/** 10,000 histories in `npm run test:deep`, a quick sample otherwise. */
const numRuns = process.env.QUITTANCE_DEEP === undefined ? 500 : 10_000;

const factsIn = (items: readonly Evidence[]): Fact[] => items.flatMap(({ facts }) => facts);

/** What the payments add up to, or the provider's own total where that is more. */
const moneyIn = (items: readonly Evidence[], currency: string): number => {
  const totals = items
    .flatMap(({ facts }) => facts)
    .flatMap((one) =>
      one.kind === 'received' && one.money.currency === currency ? [one.money.amount] : [],
    );
  return Math.max(sumByRef(items, currency), ...totals);
};

const sumByRef = (items: readonly Evidence[], currency: string): number => {
  const largest = new Map<string, number>();
  for (const one of items.flatMap(({ facts }) => facts)) {
    if (one.kind !== 'payment' || one.money.currency !== currency) continue;
    largest.set(one.ref, Math.max(largest.get(one.ref) ?? 0, one.money.amount));
  }
  return [...largest.values()].reduce((a, b) => a + b, 0);
};

describe('for every history', () => {
  test('the standing is the same in every order', () => {
    fc.assert(
      fc.property(shuffledHistory, ([{ terms, ...one }, items, acts]) => {
        expect(standingOf(terms, items, acts)).toEqual(
          standingOf(terms, one.evidence, one.closings),
        );
      }),
      { numRuns },
    );
  });

  test('the same evidence told again, under another id, changes nothing but who said it last', () => {
    fc.assert(
      fc.property(history, ({ terms, evidence: items, closings: acts }) => {
        const again = items.map((item) => ({ ...item, evidenceId: `${item.evidenceId}_again` }));
        const { received, refunded, payments } = standingOf(terms, items, acts);
        expect(standingOf(terms, [...items, ...again], acts)).toMatchObject({
          received,
          refunded,
          payments,
        });
      }),
      { numRuns },
    );
  });

  test('no money that arrived is out of sight, whatever else is said or done', () => {
    fc.assert(
      fc.property(history, ({ terms, evidence: items, closings: acts }) => {
        const standing = standingOf(terms, items, acts);
        expect(standing.received).toBe(moneyIn(items, 'USD'));
        const listed = standing.payments.filter(({ money }) => money.currency === 'USD');
        expect(listed.reduce((total, { money }) => total + money.amount, 0)).toBe(
          standing.received,
        );
        const euros = standing.payments.filter(({ money }) => money.currency === 'EUR');
        expect(euros.reduce((total, { money }) => total + money.amount, 0)).toBe(
          sumByRef(items, 'EUR'),
        );
        expect(euros.length > 0 && standing.exception === 'none').toBe(false);
      }),
      { numRuns },
    );
  });

  test('more evidence never makes the money less', () => {
    fc.assert(
      fc.property(history, ({ terms, evidence: items, closings: acts }) => {
        const fewer = standingOf(terms, items.slice(1), acts);
        expect(standingOf(terms, items, acts).received).toBeGreaterThanOrEqual(fewer.received);
      }),
      { numRuns },
    );
  });

  test('refunds never exceed what was received, and status follows the money', () => {
    fc.assert(
      fc.property(history, ({ terms, evidence: items, closings: acts }) => {
        const { status, received, refunded, settled } = standingOf(terms, items, acts);
        expect(refunded).toBeGreaterThanOrEqual(0);
        expect(refunded).toBeLessThanOrEqual(received);
        const isBack = settled && refunded > 0;
        expect(status === 'refunded').toBe(isBack && refunded === received);
        expect(status === 'partially_refunded').toBe(isBack && refunded < received);
        const moneyStatuses = ['paid', 'partially_paid', 'refunded', 'partially_refunded'];
        expect(moneyStatuses.includes(status) && received === 0 && !settled).toBe(false);
      }),
      { numRuns },
    );
  });

  test('it ends when one of the newest words of that says, and never without one', () => {
    fc.assert(
      fc.property(history, ({ terms, evidence: items, closings: acts }) => {
        const { endsAt } = standingOf(terms, items, acts);
        const said = items.filter(({ facts }) => facts.some(({ kind }) => kind === 'ends'));
        const newest = Math.max(...said.map(({ occurredAt }) => occurredAt));
        const times = factsIn(said.filter(({ occurredAt }) => occurredAt === newest)).flatMap(
          (one) => (one.kind === 'ends' ? [Date.parse(one.time)] : []),
        );
        expect(said.length === 0 ? [null] : times).toContain(endsAt);
      }),
      { numRuns },
    );
  });

  test('no payment that came before its end and any closing is late, and none that came after its end is not', () => {
    fc.assert(
      fc.property(history, ({ terms, evidence: items, closings: acts }) => {
        const { endsAt, payments: all } = standingOf(terms, items, acts);
        const closedAt = [
          ...acts.map((act) => act.at),
          ...items.flatMap(({ facts, occurredAt }) =>
            facts.some((one) => one.kind === 'progress' && /^(expired|canceled)$/.test(one.state))
              ? [occurredAt]
              : [],
          ),
        ];
        for (const { paidAt, late } of all) {
          const paidAtMs = Date.parse(paidAt ?? '');
          const isAfterEnd = endsAt !== null && paidAtMs > endsAt;
          const isInTime = paidAtMs <= Math.min(endsAt ?? Infinity, ...closedAt);
          expect({ isAfterEnd, late }).not.toEqual({ isAfterEnd: true, late: false });
          expect({ isInTime, late }).not.toEqual({ isInTime: true, late: true });
        }
      }),
      { numRuns },
    );
  });

  test('a payment shows a transfer on a blockchain when something said so of it, and only then', () => {
    fc.assert(
      fc.property(history, ({ terms, evidence: items, closings: acts }) => {
        for (const { ref, crypto } of standingOf(terms, items, acts).payments) {
          const said = factsIn(items).flatMap((one) =>
            one.kind === 'payment' && one.ref === ref && one.crypto ? [one.crypto] : [],
          );
          expect(said.length === 0 ? [null] : said).toContainEqual(crypto);
        }
      }),
      { numRuns },
    );
  });

  test('with money on the default policy, no act of ours and no progress hides it in the status', () => {
    fc.assert(
      fc.property(history, ({ evidence: items, closings: acts }) => {
        const standing = standingOf({ owed, policy: defaultPolicy }, items, acts);
        const moneyStatuses = ['paid', 'partially_paid', 'refunded', 'partially_refunded'];
        const { settled, received, refunded, progress: newest } = standing;
        const isPartlyPaid = received > refunded && newest !== 'uncollectible';
        expect(moneyStatuses.includes(standing.status)).toBe(settled || isPartlyPaid);
      }),
      { numRuns },
    );
  });
});

const at = (occurredAt: number, ...facts: Fact[]): Evidence => ({
  evidenceId: `evt_${occurredAt}`,
  occurredAt,
  facts,
});
const state = (value: ProgressState, reason: string | null = null): Fact => ({
  kind: 'progress',
  state: value,
  reason,
});
const paid = (value: number, { ref = 'pi_1', currency = 'USD' } = {}): Fact => ({
  kind: 'payment',
  ref,
  money: { amount: value, currency },
  paidAt: null,
  payer: null,
});
const ending = (ms: number): Fact => ({ kind: 'ends', time: iso(ms) });
const paidOver = (hash: string, paidAt: number): Fact => ({
  kind: 'payment',
  ref: 'pay_1',
  money: owed,
  paidAt: iso(paidAt),
  payer: null,
  crypto: transferOf(hash),
});
const received = (value: number): Fact => ({
  kind: 'received',
  ref: 'in_1',
  money: { amount: value, currency: 'USD' },
  paidAt: null,
});
const owing = (value: number, currency = 'USD'): Fact => ({
  kind: 'owed',
  money: { amount: value, currency },
});
const payments = (...all: [ref: string, value: number][]): Pick<Payment, 'ref' | 'money'>[] =>
  all.map(([ref, value]) => ({ ref, money: { amount: value, currency: 'USD' } }));
const refunded = (ref: string, value: number): Fact => ({
  kind: 'refund',
  ref,
  money: { amount: value, currency: 'USD' },
  state: 'succeeded',
});
const disputed = (value: 'open' | 'won' | 'lost'): Fact => ({
  kind: 'dispute',
  ref: 'dp_1',
  money: owed,
  state: value,
});
const expiredAt = (ms: number, madeAt = ms): Closing => ({ as: 'expired', at: ms, madeAt });
const canceledAt = (ms: number): Closing => ({ as: 'canceled', at: ms, madeAt: ms });

type Row = [
  title: string,
  evidence: Evidence[],
  expected: Partial<Record<keyof ReturnType<typeof standingOf>, unknown>>,
  options?: { policy?: Partial<PaymentPolicy>; closings?: Closing[] },
];

const within50: Partial<PaymentPolicy> = { tolerance: { kind: 'absolute', amount: 50 } };
const within1Percent: Partial<PaymentPolicy> = {
  tolerance: { kind: 'percent', basisPoints: 100 },
};

test.each<Row>([
  ['no evidence', [], { status: 'creating', received: 0 }],
  ['opened', [at(1, state('awaiting'))], { status: 'pending' }],
  [
    'declined, still payable',
    [at(1, state('awaiting')), at(2, state('attempt_failed', 'Declined'))],
    { status: 'pending', statusReason: 'Declined' },
  ],
  [
    'declined, told twice in one moment, once without the reason',
    [at(1, state('attempt_failed', 'Declined'), state('attempt_failed'))],
    { status: 'pending', statusReason: 'Declined' },
  ],
  ['processing', [at(1, state('awaiting')), at(2, state('processing'))], { status: 'processing' }],
  ['paid', [at(1, state('awaiting')), at(2, paid(2050))], { status: 'paid', exception: 'none' }],
  [
    'canceled at the provider',
    [at(1, state('canceled')), at(2, state('awaiting'))],
    { status: 'canceled' },
  ],
  ['refused', [at(1, state('refused', 'No'))], { status: 'failed', statusReason: 'No' }],
  ['expired', [at(1, state('awaiting'))], { status: 'expired' }, { closings: [expiredAt(2)] }],
  [
    'expired by us, then canceled at the provider for it',
    [at(3, state('canceled'))],
    { status: 'expired' },
    { closings: [expiredAt(2)] },
  ],
  [
    'canceled before it would have expired',
    [at(1, state('awaiting'))],
    { status: 'canceled' },
    { closings: [expiredAt(3), canceledAt(2)] },
  ],
  [
    'paid at the very moment of its expiry',
    [at(2, paid(2050))],
    { status: 'paid', exception: 'none' },
    { closings: [expiredAt(2)] },
  ],
  [
    'late, accepted',
    [at(3, paid(2050))],
    { status: 'paid', exception: 'late', received: 2050 },
    { closings: [expiredAt(2)] },
  ],
  [
    'late, flagged',
    [at(3, paid(2050))],
    { status: 'expired', exception: 'late', received: 2050 },
    { closings: [expiredAt(2)], policy: { late: 'flag' } },
  ],
  [
    'paid after the provider said canceled',
    [at(1, state('canceled')), at(2, paid(2050))],
    { status: 'paid', exception: 'late' },
  ],
  [
    'paid after its end, which nobody has noticed yet',
    [at(1, state('awaiting'), ending(5)), at(9, paidOver('x', 6))],
    { status: 'paid', exception: 'late', endsAt: 5 },
  ],
  [
    'paid at its end, of which we heard later',
    [at(1, state('awaiting'), ending(5)), at(9, paidOver('x', 5))],
    { status: 'paid', exception: 'none' },
    { closings: [expiredAt(5, 6)] },
  ],
  [
    'paid after its end, flagged',
    [at(1, state('awaiting'), ending(5)), at(9, paidOver('x', 6))],
    { status: 'pending', exception: 'late', received: 2050 },
    { policy: { late: 'flag' } },
  ],
  [
    'its end is moved by a newer word, in whatever order they come',
    [at(3, ending(9)), at(1, ending(5)), at(9, paidOver('x', 8))],
    { status: 'paid', exception: 'none', endsAt: 9 },
  ],
  [
    'ended by us before the time that the provider says: it is not ended',
    [at(1, state('awaiting'), ending(9))],
    { status: 'pending' },
    { closings: [expiredAt(5)] },
  ],
  [
    'ended by us at the time that the provider says',
    [at(1, state('awaiting'), ending(9))],
    { status: 'expired' },
    { closings: [expiredAt(5), expiredAt(9)] },
  ],
  [
    'ended by us when we did not know yet that it would end later, paid between',
    [at(3, state('awaiting'), ending(5)), at(9, paidOver('x', 4))],
    { status: 'paid', exception: 'none' },
    { closings: [expiredAt(2, 6)] },
  ],
  [
    'canceled by us before its end, paid between',
    [at(1, state('awaiting'), ending(9)), at(6, paidOver('x', 5))],
    { status: 'paid', exception: 'late' },
    { closings: [canceledAt(4)] },
  ],
  [
    'of two words of a transfer the newer',
    [at(2, paidOver('new', 2)), at(1, paidOver('old', 2)), at(3, paid(2050, { ref: 'pay_1' }))],
    { payments: [expect.objectContaining({ crypto: transferOf('new') })] },
  ],
  [
    'money that came over no blockchain',
    [at(1, paid(2050)), at(2, received(2100))],
    {
      payments: [
        expect.objectContaining({ crypto: null }),
        expect.objectContaining({ crypto: null }),
      ],
    },
  ],
  ['too little', [at(1, paid(50))], { status: 'partially_paid', exception: 'partial' }],
  [
    'too little, then expired',
    [at(1, paid(50))],
    { status: 'partially_paid', exception: 'partial' },
    { closings: [expiredAt(2)] },
  ],
  ['too much', [at(1, paid(2051))], { status: 'paid', exception: 'over' }],
  [
    'within an absolute tolerance',
    [at(1, paid(2000))],
    { status: 'paid', exception: 'none' },
    { policy: within50 },
  ],
  ['outside it', [at(1, paid(1999))], { status: 'partially_paid' }, { policy: within50 }],
  [
    'within 1 %',
    [at(1, paid(2030))],
    { status: 'paid', exception: 'none' },
    { policy: within1Percent },
  ],
  ['outside 1 %', [at(1, paid(2029))], { status: 'partially_paid' }, { policy: within1Percent }],
  [
    'two payers together',
    [at(1, paid(1000)), at(2, paid(1050, { ref: 'pi_2' }))],
    { status: 'paid', received: 2050 },
  ],
  [
    'two payers where only one may pay',
    [at(1, paid(1000)), at(2, paid(1050, { ref: 'pi_2' }))],
    { status: 'partially_paid', exception: 'partial', received: 2050 },
    { policy: { topUp: false } },
  ],
  [
    'one of two payers settles it alone',
    [at(1, paid(100)), at(2, paid(2050, { ref: 'pi_2' }))],
    { status: 'paid', exception: 'over', received: 2150 },
    { policy: { topUp: false } },
  ],
  [
    'refused, and its time has passed',
    [at(1, state('refused'))],
    { status: 'failed' },
    { closings: [expiredAt(0)] },
  ],
  [
    'a tolerance of everything',
    [at(1, state('awaiting'))],
    { status: 'pending', received: 0 },
    { policy: { tolerance: { kind: 'percent', basisPoints: 10_000 } } },
  ],
  [
    'another currency',
    [at(1, paid(2050, { currency: 'EUR' }))],
    { status: 'creating', exception: 'wrong_currency', received: 0 },
  ],
  [
    'refunded in part',
    [at(1, paid(2050)), at(2, refunded('re_1', 50))],
    { status: 'partially_refunded', refunded: 50 },
  ],
  [
    'refunded',
    [at(1, paid(2050)), at(2, refunded('re_1', 50)), at(3, refunded('re_2', 2000))],
    { status: 'refunded', refunded: 2050 },
  ],
  ['disputed', [at(1, paid(2050)), at(2, disputed('open'))], { status: 'paid', disputed: 'open' }],
  [
    'dispute won',
    [at(1, paid(2050)), at(2, disputed('open')), at(3, disputed('won'))],
    { status: 'paid', disputed: 'won' },
  ],
  [
    'dispute lost',
    [at(1, paid(2050)), at(2, disputed('lost'))],
    { status: 'paid', disputed: 'lost' },
  ],
  ['a draft', [at(1, state('draft'), owing(0))], { status: 'draft', amount: 0, settled: false }],
  [
    'a draft that owes nothing yet, then asks for money',
    [at(1, state('draft'), owing(0)), at(2, state('awaiting'), owing(3300))],
    { status: 'pending', amount: 3300 },
  ],
  [
    'the newest word of what is owed counts, when it is in its currency',
    [at(3, owing(900, 'EUR')), at(2, owing(1000), paid(1000)), at(1, owing(3000))],
    { status: 'paid', amount: 1000, exception: 'none' },
  ],
  [
    'a total and the payment that makes it are the same money',
    [at(1, received(2050)), at(2, paid(2050))],
    { status: 'paid', received: 2050, payments: payments(['pi_1', 2050]) },
  ],
  [
    'a total beyond the payments that are known of',
    [at(1, paid(50)), at(2, received(2050))],
    { status: 'paid', received: 2050, payments: payments(['pi_1', 50], ['in_1', 2000]) },
  ],
  [
    'payments beyond an older total',
    [at(1, received(50)), at(2, paid(50)), at(3, paid(2000, { ref: 'pi_2' }))],
    { status: 'paid', received: 2050, payments: payments(['pi_1', 50], ['pi_2', 2000]) },
  ],
  [
    'settled by the word of the provider, with nothing to pay',
    [at(1, state('settled'), owing(0))],
    { status: 'paid', exception: 'none', received: 0, settled: true },
  ],
  [
    'settled by its word with less: the rest is forgiven',
    [at(1, state('settled'), received(1000))],
    { status: 'paid', exception: 'partial', received: 1000, settled: true },
  ],
  [
    'settled by its word, but too late for the policy',
    [at(3, state('settled'), received(2050))],
    { status: 'expired', exception: 'late', settled: false },
    { closings: [expiredAt(2)], policy: { late: 'flag' } },
  ],
  [
    'written off, then paid after all',
    [at(1, state('uncollectible')), at(2, state('settled'), received(2050))],
    { status: 'paid' },
  ],
  [
    'partly paid, then written off',
    [at(1, state('awaiting'), paid(50)), at(2, state('uncollectible'))],
    { status: 'uncollectible', received: 50 },
  ],
  [
    'partly paid, all of it given back, still payable',
    [at(1, state('awaiting'), paid(50)), at(2, refunded('re_1', 50))],
    { status: 'pending', received: 50, refunded: 50 },
  ],
  [
    'the rest of a total is as late as the whole',
    [at(1, received(50)), at(3, received(2050))],
    { status: 'paid', exception: 'late' },
    { closings: [expiredAt(2)] },
  ],
  ['written off', [at(1, state('uncollectible'))], { status: 'uncollectible' }],
  ['overdue, still payable', [at(1, state('overdue'))], { status: 'pending', progress: 'overdue' }],
])('%s', (_title, items, expected, options = {}) => {
  const terms = { owed, policy: { ...defaultPolicy, ...options.policy } };
  expect(standingOf(terms, items, options.closings)).toMatchObject(expected);
});
