import type { Work } from '../call.ts';
import { dayMs, dayOf, mondayBefore } from '../datetime.ts';
import { cents, centsText, divided } from '../money.ts';
import type { Project } from '../state.ts';
import { dayKey } from './days.ts';

const windowDays = 30;

/**
 * What a project received (USD) in the last 30 days, and its rate in percent.
 * Source: https://docs.bitsby.app/ru/tarify-i-balans
 */
const tiers: readonly { from: string; rate: string }[] = [
  { from: '100000.00', rate: '0.50' },
  { from: '50000.00', rate: '0.60' },
  { from: '10000.00', rate: '0.70' },
  { from: '5000.00', rate: '0.80' },
  { from: '1000.00', rate: '0.90' },
];
const highestRate = '1.00';

/** What the rate of this week was computed from: the receipts of 30 days, in USD, up to Monday 00:00 UTC. */
export const receiptsOf30Days = ({ state, now }: Work, { id }: Project): string => {
  const monday = mondayBefore(now);
  let received = 0;
  for (let ago = 1; ago <= windowDays; ago += 1) {
    received += state.days.get(dayKey(id, dayOf(monday - ago * dayMs)))?.received ?? 0;
  }
  return centsText(BigInt(received));
};

/** Percent with two decimals; it changes on Mondays only. */
export const commissionRate = (work: Work, project: Project): string => {
  const received = cents(receiptsOf30Days(work, project));
  return tiers.find(({ from }) => received >= cents(from))?.rate ?? highestRate;
};

/** In cents of USD. */
export const commissionOf = (amountUSD: bigint, rate: string): bigint =>
  divided(amountUSD * cents(rate), 100n * 100n);
