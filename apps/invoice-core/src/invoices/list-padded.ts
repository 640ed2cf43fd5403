/**
 * The values for an `in (...)`, the last repeated until their number is a power of two: a statement is prepared once for
 * each number.
 */
export const padded = <T>(values: readonly T[]): T[] => {
  const size = 2 ** Math.ceil(Math.log2(Math.max(1, values.length)));
  return [
    ...values,
    ...values.slice(-1).flatMap((last) => Array<T>(size - values.length).fill(last)),
  ];
};
