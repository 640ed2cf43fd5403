import { decimalsOf } from '../payment-intents/currencies.ts';

/** Of a currency's main unit, e.g. dollars, in its minor units. */
const fixedFee = (hundredths: number, currency: string): number =>
  Math.round((hundredths / 100) * 10 ** decimalsOf(currency));

/**
 * What Stripe keeps of a charge: 2.9 % and 0.30 of the currency, rounded half up. Amounts in minor units.
 * Source: https://stripe.com/pricing, for cards in the United States.
 */
export const chargeFee = (amount: number, currency: string): number =>
  Math.floor((amount * 29 + 500) / 1_000) + fixedFee(30, currency);

/** Minor units. Source: https://stripe.com/pricing, 15.00 USD for a dispute that takes money. */
export const disputeFee = (currency: string): number => fixedFee(1_500, currency);
