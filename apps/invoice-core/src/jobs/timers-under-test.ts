import type { SetTimer } from './sleeper.ts';

export interface TestTimers {
  setTimer: SetTimer;
  /** How long everyone who waits asked to, in ms. */
  waiting: () => number[];
  /** Lets time pass: ends every wait that is over by then. */
  pass: (ms: number) => void;
}

/** Timers that run only when told to, and know nothing of the clock: it may be moved under them. */
export const createTestTimers = (): TestTimers => {
  const timers = new Map<number, { fire: () => void; left: number }>();
  let last = 0;
  return {
    setTimer: (fire, ms) => {
      last += 1;
      const id = last;
      timers.set(id, { fire, left: ms });
      return () => void timers.delete(id);
    },
    waiting: () => [...timers.values()].map(({ left }) => left).toSorted((a, b) => a - b),
    pass: (ms) => {
      for (const [id, timer] of timers) {
        timer.left -= ms;
        if (timer.left > 0) continue;
        timers.delete(id);
        timer.fire();
      }
    },
  };
};
