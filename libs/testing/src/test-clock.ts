import type { Clock } from '@quittance/runtime';

export interface TestClock {
  now: Clock;
  advance(ms: number): void;
}

/** A clock that moves only when told to, from 2026-01-01 on. */
export const createTestClock = (start = Date.UTC(2026, 0, 1)): TestClock => {
  let time = start;
  return {
    now: () => time,
    advance: (ms) => {
      time += ms;
    },
  };
};
