/** Delays double from the first to the longest, in ms. There is no last try. */
export interface RetryPolicy {
  firstMs: number;
  maxMs: number;
}

export const defaultRetryPolicy: RetryPolicy = { firstMs: 1000, maxMs: 60_000 };

const maxDoublings = 40;

/**
 * How long to wait after the given attempt, in ms: between half and all of the doubled delay, so that jobs that failed
 * together do not return together.
 * @param random from 0 to 1
 */
export const retryDelay = (
  { firstMs, maxMs }: RetryPolicy,
  attempt: number,
  random: number,
): number => {
  const delay = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, maxDoublings));
  return Math.round(delay * (0.5 + random / 2));
};
