import { z } from 'zod';
import { divided, units } from './money.ts';
import type { BitsbyState, Cryptocurrency, FiatCurrency } from './state.ts';

/** What one unit of each is worth in USD: decimal texts with up to 8 decimals. */
export interface Rates {
  fiat: Record<FiatCurrency, string>;
  crypto: Record<Cryptocurrency, string>;
}

const rate = z
  .string()
  .regex(
    /^(?=.*[1-9])\d{1,9}(\.\d{1,8})?$/,
    'must be a decimal text above 0 with at most 8 decimals',
  );

/** The body of `PUT /_sandbox/bitsby/rates`. What is left out stays as it is. */
export const RateMove = z.strictObject({
  fiat: z
    .strictObject({
      USD: z.literal('1').exactOptional(),
      EUR: rate.exactOptional(),
      RUB: rate.exactOptional(),
    })
    .default({}),
  crypto: z
    .strictObject({
      usdt: rate.exactOptional(),
      eth: rate.exactOptional(),
      btc: rate.exactOptional(),
    })
    .default({}),
});

export type RateMove = z.infer<typeof RateMove>;

/** With these rates the answer for 10.55 EUR is the one of Bitsby's own example, to the last digit. */
const initial: Rates = {
  fiat: { USD: '1', EUR: '1.0853', RUB: '0.011' },
  crypto: { usdt: '1', eth: '3473.9', btc: '62960' },
};

const key = 'current';

export const ratesOf = (state: BitsbyState): Rates => state.rates.get(key) ?? initial;

export const moveRates = (state: BitsbyState, move: RateMove): Rates => {
  const before = ratesOf(state);
  const after = {
    fiat: { ...before.fiat, ...move.fiat },
    crypto: { ...before.crypto, ...move.crypto },
  };
  state.rates.put(key, after);
  return after;
};

const one = units('1');
const centsPerUnit = 100n;

/** Cents of a fiat currency in cents of USD. */
export const inUSD = (amount: bigint, currency: FiatCurrency, rates: Rates): bigint =>
  divided(amount * units(rates.fiat[currency]), one);

/**
 * The smallest difference between two amounts that wallets expect, in 10^-8. In Bitsby's examples amounts of USDT have
 * whole cents, and those of ETH and BTC all 8 decimals.
 */
export const amountStep: Record<Cryptocurrency, bigint> = {
  usdt: units('0.01'),
  eth: 1n,
  btc: 1n,
};

/** Cents of USD in 10^-8 of a cryptocurrency, rounded to what its wallets can expect; never 0. */
export const inCrypto = (amount: bigint, currency: Cryptocurrency, rates: Rates): bigint => {
  const step = amountStep[currency];
  const steps = divided(amount * one * one, centsPerUnit * units(rates.crypto[currency]) * step);
  return (steps === 0n ? 1n : steps) * step;
};

/** 10^-8 of a cryptocurrency in cents of a fiat currency. */
export const inFiat = (
  amount: bigint,
  from: Cryptocurrency,
  to: FiatCurrency,
  rates: Rates,
): bigint =>
  divided(amount * units(rates.crypto[from]) * centsPerUnit, one * units(rates.fiat[to]));
