import { invalidRequest } from '../api/errors.ts';

// Source: https://docs.stripe.com/currencies. ISK and UGX are zero-decimal in practice, but two-decimal on the wire.
const zeroDecimal = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' ');
const threeDecimal = 'bhd jod kwd omr tnd'.split(' ');
const wholeUnitsOnly = ['isk', 'ugx'];
const twoDecimal =
  'usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr jmd kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah uyu uzs wst xcd yer zar zmw'.split(
    ' ',
  );

const supported = new Set([...zeroDecimal, ...threeDecimal, ...wholeUnitsOnly, ...twoDecimal]);

const largestAmount = 99_999_999;

/** Minor units. Source: the table of minimum charges at https://docs.stripe.com/currencies */
const minimums: Record<string, number> = {
  usd: 50,
  aed: 200,
  aud: 50,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
};

/** The least that Stripe charges, in minor units; 0 where its table says nothing. */
export const minimumOf = (currency: string): number => minimums[currency] ?? 0;

const symbols: Record<string, string> = { usd: '$', eur: '€', gbp: '£', jpy: '¥' };

/** How many digits the minor units of a currency have after the point. */
export const decimalsOf = (currency: string): number => {
  if (zeroDecimal.includes(currency)) return 0;
  return threeDecimal.includes(currency) ? 3 : 2;
};

/** Minor units as text, e.g. `20.50`. */
export const toDecimal = (amount: number, currency: string): string => {
  const decimals = decimalsOf(currency);
  if (decimals === 0) return String(amount);
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
};

/** As Stripe writes amounts in its messages, e.g. `$20.50` or `20.50 sek`. */
export const formatAmount = (amount: number, currency: string): string => {
  const symbol = symbols[currency];
  const decimal = toDecimal(amount, currency);
  return symbol === undefined ? `${decimal} ${currency}` : `${symbol}${decimal}`;
};

const withCurrency = (amount: number, currency: string): string =>
  `${symbols[currency] ?? ''}${toDecimal(amount, currency)} ${currency}`;

/** @throws StripeError naming `currency`, a lower-case ISO 4217 code, when Stripe does not charge in it. */
export const checkCurrency = (currency: string): void => {
  if (supported.has(currency)) return;
  throw invalidRequest(
    `Invalid currency: ${currency}. Stripe currently supports these currencies: ${[...supported].join(', ')}`,
    { param: 'currency' },
  );
};

/**
 * Refuses an amount (minor units) that Stripe would not charge in this currency.
 * @throws StripeError naming `amount`.
 */
export const checkAmount = (amount: number, currency: string): void => {
  if (amount > largestAmount) {
    throw invalidRequest(`Amount must be no more than ${withCurrency(largestAmount, currency)}`, {
      code: 'amount_too_large',
      param: 'amount',
    });
  }
  const minimum = minimums[currency];
  if (minimum !== undefined && amount < minimum) {
    throw invalidRequest(`Amount must be at least ${withCurrency(minimum, currency)}`, {
      code: 'amount_too_small',
      param: 'amount',
    });
  }
  if (wholeUnitsOnly.includes(currency) && amount % 100 !== 0) {
    throw invalidRequest(
      `Invalid amount. Currency ${currency.toUpperCase()} has become effectively zero-decimal and charged amounts must be evenly divisible by 100`,
      { param: 'amount' },
    );
  }
  if (threeDecimal.includes(currency) && amount % 10 !== 0) {
    throw invalidRequest(
      `Invalid amount. The last digit of an amount in ${currency.toUpperCase()} must be 0`,
      { param: 'amount' },
    );
  }
};
