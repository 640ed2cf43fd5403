/** What JavaScript makes of values that nobody checked, as the bot's source relies on it. */

const isNothing = (value: unknown): boolean => value === undefined || value === null;

/** The value inside a template string: keys and messages are made so. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' || value === undefined ? String(value) : JSON.stringify(value);

/** `a == b`, for what JSON and forms can hold at their top level. */
export const looselyEqual = (a: unknown, b: unknown): boolean => {
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  return typeof a === typeof b ? a === b : Number(a) === Number(b);
};

/** `parseFloat(value)`: the number at its beginning, or NaN. */
export const amountOf = (value: unknown): number => Number.parseFloat(textOf(value));
