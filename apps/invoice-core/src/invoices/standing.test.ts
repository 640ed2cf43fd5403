import type { Fact } from '@quittance/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Evidence, standingOf } from './standing.ts';

const owed = { amount: 2050, currency: 'USD' };

const progress = fc.record({
  kind: fc.constant('progress' as const),
  state: fc.constantFrom(
    'awaiting' as const,
    'processing' as const,
    'attempt_failed' as const,
    'canceled' as const,
    'refused' as const,
  ),
  reason: fc.option(fc.constantFrom('Declined', 'Insufficient funds'), { nil: null }),
});
const money = fc.record({
  amount: fc.integer({ min: 1, max: 3000 }),
  currency: fc.constant('USD'),
});
const payment = fc.record({
  kind: fc.constant('payment' as const),
  ref: fc.constantFrom('pay_1', 'pay_2'),
  money,
});
const refund = fc.record({
  kind: fc.constant('refund' as const),
  ref: fc.constantFrom('re_1', 're_2'),
  money,
  state: fc.constantFrom('pending' as const, 'succeeded' as const, 'failed' as const),
});
const fact: fc.Arbitrary<Fact> = fc.oneof(progress, payment, refund);
const evidence: fc.Arbitrary<Evidence[]> = fc.uniqueArray(
  fc.record({
    evidenceId: fc.stringMatching(/^evt_[a-z]{1,3}$/),
    occurredAt: fc.integer({ min: 0, max: 3 }),
    facts: fc.array(fact, { minLength: 1, maxLength: 3 }),
  }),
  { maxLength: 7, selector: ({ evidenceId }) => evidenceId },
);

const shuffled = evidence.chain((items) =>
  fc.tuple(
    fc.constant(items),
    fc.shuffledSubarray(items, { minLength: items.length, maxLength: items.length }),
  ),
);

describe('standing', () => {
  test('is the same for every order of the same evidence', () => {
    fc.assert(
      fc.property(shuffled, ([items, permuted]) => {
        expect(standingOf(owed, permuted)).toEqual(standingOf(owed, items));
      }),
      { numRuns: 500 },
    );
  });

  test('never loses money out of sight, whatever else is said', () => {
    fc.assert(
      fc.property(evidence, (items) => {
        const largest = new Map<string, number>();
        for (const one of items.flatMap(({ facts }) => facts)) {
          if (one.kind === 'payment') {
            largest.set(one.ref, Math.max(largest.get(one.ref) ?? 0, one.money.amount));
          }
        }
        const standing = standingOf(owed, items);
        expect(standing.received).toBe([...largest.values()].reduce((a, b) => a + b, 0));
        expect(standing.refunded).toBeLessThanOrEqual(standing.received);
        const moneyStatuses = ['partially_paid', 'paid', 'partially_refunded', 'refunded'];
        expect(moneyStatuses.includes(standing.status)).toBe(standing.received > 0);
      }),
      { numRuns: 500 },
    );
  });

  const at = (occurredAt: number, ...facts: Fact[]): Evidence => ({
    evidenceId: `evt_${occurredAt}`,
    occurredAt,
    facts,
  });
  const state = (value: Extract<Fact, { kind: 'progress' }>['state'], reason?: string): Fact => ({
    kind: 'progress',
    state: value,
    reason: reason ?? null,
  });
  const paid = (amount: number): Fact => ({
    kind: 'payment',
    ref: 'pi_1',
    money: { amount, currency: 'USD' },
  });
  const refunded = (ref: string, amount: number): Fact => ({
    kind: 'refund',
    ref,
    money: { amount, currency: 'USD' },
    state: 'succeeded',
  });

  test.each<[string, Evidence[], Partial<ReturnType<typeof standingOf>>]>([
    ['no evidence', [], { status: 'creating', received: 0 }],
    ['opened', [at(1, state('awaiting'))], { status: 'pending' }],
    [
      'declined, still payable',
      [at(1, state('awaiting')), at(2, state('attempt_failed', 'Declined'))],
      { status: 'pending', statusReason: 'Declined' },
    ],
    [
      'processing',
      [at(1, state('awaiting')), at(2, state('processing'))],
      { status: 'processing' },
    ],
    ['paid', [at(1, state('awaiting')), at(2, paid(2050))], { status: 'paid', exception: 'none' }],
    ['paid after cancel', [at(1, state('canceled')), at(2, paid(2050))], { status: 'paid' }],
    ['canceled', [at(1, state('canceled')), at(2, state('awaiting'))], { status: 'canceled' }],
    ['refused', [at(1, state('refused', 'No'))], { status: 'failed', statusReason: 'No' }],
    ['too little', [at(1, paid(50))], { status: 'partially_paid', exception: 'partial' }],
    ['too much', [at(1, paid(2051))], { status: 'paid', exception: 'over' }],
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
  ])('%s', (_title, items, expected) => {
    expect(standingOf(owed, items)).toMatchObject(expected);
  });
});
