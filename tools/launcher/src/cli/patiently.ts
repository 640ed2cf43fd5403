import { setTimeout as sleep } from 'node:timers/promises';

/** How long to wait before trying again, in ms: twice as long each time. */
const delays = { first: 250, most: 10_000 };

interface Patience {
  signal: AbortSignal;
  /** Whether it is worth trying again. */
  isPassing: (error: unknown) => boolean;
  /** Told once, the first time that it fails. */
  onTrouble: (error: unknown) => void;
}

/** Does something until it works. @throws what is not passing, and the signal's reason once it is aborted */
export const patiently = async <T>(
  attempt: () => Promise<T>,
  { signal, isPassing, onTrouble }: Patience,
): Promise<T> => {
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (!isPassing(error)) throw error;
      if (failures === 0) onTrouble(error);
      await sleep(Math.min(delays.most, delays.first * 2 ** failures), undefined, { signal });
    }
  }
};
