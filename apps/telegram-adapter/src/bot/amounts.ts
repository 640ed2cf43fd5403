import { formatDecimal, type Money } from '@quittance/contracts';

/** The decimal that a formatter is given as text, since as a number it could lose digits. */
const asDecimal = (text: string): Intl.StringNumericLiteral => {
  const isDecimal = (value: string): value is `${number}` => /^\d+(?:\.\d+)?$/.test(value);
  if (!isDecimal(text)) throw new RangeError(`Not a decimal: ${text}`);
  return text;
};

/** An amount as people write it: `⭐️ 1,500`, `150 BBP`, `$12.50`. */
export const readableAmount = (money: Money, locale: string): string => {
  const decimal = asDecimal(formatDecimal(money));
  const { currency } = money;
  if (currency === 'XTR') return `⭐️ ${new Intl.NumberFormat(locale).format(decimal)}`;
  if (currency === 'BBP') return `${new Intl.NumberFormat(locale).format(decimal)} BBP`;
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  }).format(decimal);
};
