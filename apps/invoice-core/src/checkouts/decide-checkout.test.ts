import { InvoiceStatus } from '@quittance/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Accepted,
  decideCheckout,
  type Decision,
  mayBeOnItsWay,
  type Payable,
} from './decide-checkout.ts';

const minute = 60_000;
const stars = (amount: number) => ({ amount, currency: 'XTR' });
const pending: Payable = { status: 'pending', owed: stars(100), expiresAt: null };
const question = { id: 'q2', payer: 'grace', money: stars(100) };
const accepted: Accepted = { questionId: 'q1', payer: 'ada', acceptedAt: 0 };

const decide = (
  situation: Partial<Parameters<typeof decideCheckout>[0]> = {},
  change: Partial<typeof question> = {},
): Decision =>
  decideCheckout(
    { invoice: pending, accepted: null, now: 0, ...situation },
    { ...question, ...change },
  );

describe('a payment', () => {
  test.each([
    ['draft', 'not_payable'],
    ['creating', 'not_payable'],
    ['pending', 'accept'],
    ['processing', 'being_paid'],
    ['partially_paid', 'accept'],
    ['paid', 'paid'],
    ['expired', 'expired'],
    ['canceled', 'canceled'],
    ['failed', 'not_payable'],
    ['uncollectible', 'not_payable'],
    ['partially_refunded', 'paid'],
    ['refunded', 'paid'],
  ] as const)('of an invoice that is %s: %s', (status, decision) => {
    expect(decide({ invoice: { ...pending, status } })).toBe(decision);
  });

  test('of what we never made is unknown', () => {
    expect(decide({ invoice: null })).toBe('unknown');
  });

  test('is let through until the end by the clock, and not from then on', () => {
    const invoice = { ...pending, expiresAt: 1000 };
    expect(decide({ invoice, now: 999 })).toBe('accept');
    expect(decide({ invoice, now: 1000 })).toBe('expired');
  });

  test('is of what is owed, to the last unit', () => {
    for (const money of [stars(99), stars(101), { amount: 100, currency: 'USD' }]) {
      expect(decide({}, { money })).toBe('other_amount');
    }
  });

  test.each([
    ['somebody else', 'grace'],
    ['whoever was let through', 'ada'],
  ])('by %s waits until the one before can no longer come', (_, payer) => {
    const ms = 10 * minute;
    expect(decide({ accepted, now: ms - 1 }, { payer })).toBe('being_paid');
    expect(decide({ accepted, now: ms }, { payer })).toBe('accept');
    expect(decide({ accepted, now: -ms }, { payer })).toBe('accept');
  });

  test('that was let through is so again, whatever has happened since', () => {
    for (const status of InvoiceStatus.options) {
      const invoice = { ...pending, status, expiresAt: 1 };
      const situation = { invoice, accepted, now: 100 * minute };
      expect(decide(situation, { id: 'q1', money: stars(1) })).toBe('accept');
    }
  });
});

type Step =
  | { kind: 'ask'; id: string; payer: string; amount: number }
  | { kind: 'wait'; ms: number }
  | { kind: 'money' | 'cancel' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      id: fc.constantFrom('q1', 'q2', 'q3', 'q4'),
      payer: fc.constantFrom('ada', 'grace'),
      amount: fc.constantFrom(100, 100, 100, 99),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 599_999, 600_000),
    }),
  },
  fc.record({ kind: fc.constantFrom('money' as const, 'cancel' as const) }),
);

/** An invoice as the core keeps it, with all that was let through. */
const play = (steps: readonly Step[], expiresAt: number) => {
  let now = 0;
  let status: InvoiceStatus = 'pending';
  let last: Accepted | null = null;
  const log: (Accepted & { isNew: boolean; status: InvoiceStatus })[] = [];
  for (const one of steps) {
    if (one.kind === 'wait') now += one.ms;
    if (one.kind === 'money') status = 'paid';
    const isHeld: boolean = last !== null && mayBeOnItsWay(last, now);
    if (one.kind === 'cancel' && status === 'pending' && !isHeld) status = 'canceled';
    if (one.kind !== 'ask') continue;
    const { id, payer, amount } = one;
    const invoice = { ...pending, status, expiresAt };
    const situation = { invoice, accepted: last, now };
    if (decideCheckout(situation, { id, money: stars(amount) }) !== 'accept') continue;
    const isNew: boolean = last?.questionId !== id;
    if (isNew) {
      expect(status).toBe('pending');
      expect(now).toBeLessThan(expiresAt);
      expect(amount).toBe(100);
      last = { questionId: id, payer, acceptedAt: now };
    }
    log.push({ questionId: id, payer, acceptedAt: now, isNew, status });
  }
  return log;
};

const numRuns = process.env.QUITTANCE_DEEP === undefined ? 1000 : 20_000;

test('in any order of questions, money, cancels and time, one payment at most is on its way', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40 }),
      fc.constantFrom(1, 600_000, 3_600_000),
      (steps, expiresAt) => {
        const fresh = play(steps, expiresAt).filter(({ isNew }) => isNew);
        for (const [index, one] of fresh.entries()) {
          for (const earlier of fresh.slice(0, index)) {
            const apart = one.acceptedAt - earlier.acceptedAt;
            expect(apart).toBeGreaterThanOrEqual(600_000);
          }
        }
      },
    ),
    { numRuns },
  );
});
