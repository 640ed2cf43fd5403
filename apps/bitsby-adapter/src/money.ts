import { isCurrency, type Money, parseDecimal } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';

/** Fiat money as Bitsby writes it; undefined where that is no exact amount of the currency. */
export const readMoney = (decimal: string, currency: string): Money | undefined => {
  if (!isCurrency(currency)) return undefined;
  try {
    return { amount: parseDecimal(decimal, currency), currency };
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
};

/** Without zeros that carry no value: `5.02` for `5.02000000`. */
const plain = (decimal: string): string => decimal.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');

/** No amount is written longer; what is would take long to compare. */
const longest = 64;

export const isSameDecimal = (a: string, b: string): boolean =>
  a.length <= longest && b.length <= longest && plain(a) === plain(b);
