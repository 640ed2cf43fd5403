import { exponentOf, type Money, type ProviderDescription } from '@quittance/contracts';

/**
 * Stripe's presentment currencies and the exponents of its own minor units.
 * https://docs.stripe.com/currencies
 */
const zeroDecimal = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ');
const threeDecimal = 'BHD JOD KWD OMR TND'.split(' ');
const twoDecimal = (
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP CRC CVE CZK ' +
  'DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD KES KGS KHR KYD KZT ' +
  'LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR ' +
  'PLN QAR RON RSD RUB SAR SBD SCR SEK SGD SHP SLE SOS SRD STN SZL THB TJS TOP TRY TTD TWD TZS UAH UGX USD UYU UZS ' +
  'WST XCD XCG YER ZAR ZMW'
).split(' ');

const stripeExponents = new Map([
  ...zeroDecimal.map((currency) => [currency, 0] as const),
  ...twoDecimal.map((currency) => [currency, 2] as const),
  ...threeDecimal.map((currency) => [currency, 3] as const),
]);

/** @param currency as Stripe writes it, in lower case */
export const isTaken = (currency: string): boolean => stripeExponents.has(currency.toUpperCase());

/** The largest amount of a PaymentIntent, in Stripe's minor units: eight digits. */
const maxStripeAmount = 99_999_999;

/** Three-decimal amounts must end in 0. https://docs.stripe.com/currencies#three-decimal */
const stripeStepOf = (currency: string): number => (threeDecimal.includes(currency) ? 10 : 1);

/** Stripe's minor units in one of ours: 100 for ISK and UGX, which Stripe wants with two decimals, always 00. */
const scaleOf = (currency: string): number => {
  const exponent = stripeExponents.get(currency);
  if (exponent === undefined) throw new RangeError(`Stripe does not take ${currency}`);
  return 10 ** (exponent - exponentOf(currency));
};

export const toStripeAmount = ({ amount, currency }: Money): number =>
  Math.round(amount * scaleOf(currency));

/** Whether Stripe has units as small as that; MGA it takes in whole ariary. */
export const isExactAtStripe = ({ amount, currency }: Money): boolean =>
  fromStripeAmount(toStripeAmount({ amount, currency }), currency).amount === amount;

/** @param currency as Stripe writes it, in lower case */
export const fromStripeAmount = (amount: number, currency: string): Money => {
  const code = currency.toUpperCase();
  return { amount: Math.round(amount / scaleOf(code)), currency: code };
};

export const currencyLimits: ProviderDescription['flows'][number]['currencies'] =
  Object.fromEntries(
    [...stripeExponents.keys()].map((currency) => {
      const step = Math.max(stripeStepOf(currency), Math.round(1 / scaleOf(currency)));
      const max = Math.floor(maxStripeAmount / scaleOf(currency));
      return [currency, { max: max - (max % step), step }];
    }),
  );
