import type { TelegramState } from '../state.ts';

/** What one invoice may ask for in all, in the smallest units, and how many decimals the currency has. */
export interface CurrencyLimits {
  exponent: number;
  min: number;
  max: number;
}

const row = (min: number, max: number, exponent = 2): CurrencyLimits => ({ exponent, min, max });

/**
 * About 1 to 10,000 USD each, as the rates were in 2022; Telegram's own table follows the rates, at
 * https://core.telegram.org/bots/payments/currencies.json. Other rows, and newer ones, are set over HTTP. The maximum of
 * Stars is not documented.
 */
const table: Readonly<Record<string, CurrencyLimits>> = {
  XTR: row(1, 1_000_000, 0),
  AED: row(367, 3_672_900),
  AUD: row(142, 1_418_000),
  BRL: row(515, 5_146_000),
  CAD: row(128, 1_281_000),
  CHF: row(96, 961_000),
  CLP: row(930, 9_297_000, 0),
  CNY: row(675, 6_750_000),
  CZK: row(2_148, 21_475_000),
  EUR: row(87, 877_155),
  GBP: row(75, 757_605),
  IDR: row(1_480_000, 14_800_000_000),
  ILS: row(337, 3_373_000),
  INR: row(7_090, 70_900_503),
  ISK: row(136, 1_360_000, 0),
  JPY: row(109, 1_095_549, 0),
  KRW: row(1_119, 11_190_001, 0),
  KZT: row(47_500, 475_000_000),
  MXN: row(2_040, 20_400_000),
  PLN: row(410, 4_100_000),
  PYG: row(6_900, 69_000_000, 0),
  RUB: row(6_598, 65_986_027),
  SEK: row(1_020, 10_200_000),
  SGD: row(138, 1_380_000),
  TRY: row(1_740, 17_400_000),
  UAH: row(2_764, 27_648_991),
  UGX: row(3_700, 37_000_000, 0),
  USD: row(100, 1_000_000),
  UZS: row(1_090_000, 10_900_000_000),
  VND: row(23_000, 230_000_000, 0),
};

export const currencyLimits = (
  { currencies }: Pick<TelegramState, 'currencies'>,
  currency: string,
): CurrencyLimits | undefined => currencies.get(currency) ?? table[currency];

/** Every currency with its limits, as they are now. */
export const allCurrencyLimits = ({
  currencies,
}: Pick<TelegramState, 'currencies'>): Record<string, CurrencyLimits> => ({
  ...table,
  ...Object.fromEntries(currencies.entries()),
});

/** `1.45 USD`, `5 ⭐`. */
export const shownAmount = (
  state: Pick<TelegramState, 'currencies'>,
  { total, currency }: { total: number; currency: string },
): string => {
  if (currency === 'XTR') return `${total} ⭐`;
  const exponent = currencyLimits(state, currency)?.exponent ?? 2;
  return `${(total / 10 ** exponent).toFixed(exponent)} ${currency}`;
};
