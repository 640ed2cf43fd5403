const fiatDecimals = 2;
const cryptoDecimals = 8;

/** Reads a decimal text that has at most so many decimals. */
export const fromDecimal = (text: string, decimals: number): bigint => {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(`${whole}${fraction.padEnd(decimals, '0')}`);
};

/** Writes all decimals, as Bitsby does: `10.50`, `0.00018186`. */
export const toDecimal = (amount: bigint, decimals: number): string => {
  const digits = String(amount < 0n ? -amount : amount).padStart(decimals + 1, '0');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
};

/** Fiat money in cents. */
export const cents = (text: string): bigint => fromDecimal(text, fiatDecimals);
export const centsText = (amount: bigint): string => toDecimal(amount, fiatDecimals);
/** A cryptocurrency, or a rate, in 10^-8. */
export const units = (text: string): bigint => fromDecimal(text, cryptoDecimals);
export const unitsText = (amount: bigint): string => toDecimal(amount, cryptoDecimals);

/** Rounded half up; neither may be negative. */
export const divided = (amount: bigint, by: bigint): bigint => (2n * amount + by) / (2n * by);
