import type { BitsbyConfig } from './config.ts';
import { unavailable } from './errors.ts';
import type { Timing } from './timing.ts';

/** How long one call of the port may take, in ms: less than the 60 s after which whoever called has given up. */
const callMs = 55_000;

/** The time that one call of the port has, for all of its requests together. */
export interface Patience {
  /**
   * How long the next request may wait for its turn, in ms, so that its answer is there in time.
   * @throws DomainError `unavailable` when there is no time for another request
   */
  next: () => number;
}

/** @param turnMs how long each request waits for its turn at most */
export const patienceOf = (
  {
    config: { BITSBY_TIMEOUT_MS },
    timing,
  }: { config: Pick<BitsbyConfig, 'BITSBY_TIMEOUT_MS'>; timing: Pick<Timing, 'now'> },
  turnMs: number,
): Patience => {
  const lastStart = timing.now() + callMs - BITSBY_TIMEOUT_MS;
  return {
    next: () => {
      const left = Math.floor(lastStart - timing.now());
      if (left < 0) throw unavailable('Bitsby has taken too long');
      return Math.min(turnMs, left);
    },
  };
};
