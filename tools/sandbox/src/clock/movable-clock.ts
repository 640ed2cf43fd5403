import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, followEveryMs, readClockOffset, writeClockOffset } from '@quittance/runtime';

/** System time, and how far a user has moved it. */
export interface MovableClock {
  now: Clock;
  /** How far the clock is ahead of system time. */
  offsetMs: () => number;
  /** Moves at once. Resolves when every process that follows the file has moved too, and the listeners have run. */
  advance: (byMs: number) => Promise<void>;
  /** Back to system time; otherwise like `advance`. */
  reset: () => Promise<void>;
  onMoved: (listener: () => void) => void;
}

/**
 * @param file where the offset is kept, across restarts and for other processes (`followClock`); without it there are none
 * @throws ConfigError when the file does not hold a clock
 */
export const createMovableClock = ({
  unmoved,
  file,
}: {
  unmoved: Clock;
  file?: string;
}): MovableClock => {
  let offsetMs = file === undefined ? 0 : readClockOffset(file);
  const listeners: (() => void)[] = [];

  const move = async (nextMs: number): Promise<void> => {
    if (file !== undefined) writeClockOffset(file, nextMs);
    offsetMs = nextMs;
    // What the listeners set off must not reach a process that is still at the old time.
    if (file !== undefined) await sleep(2 * followEveryMs);
    for (const listener of listeners) listener();
  };

  return {
    now: () => unmoved() + offsetMs,
    offsetMs: () => offsetMs,
    advance: (byMs) => move(offsetMs + byMs),
    reset: () => move(0),
    onMoved: (listener) => {
      listeners.push(listener);
    },
  };
};
