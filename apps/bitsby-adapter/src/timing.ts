import { setTimeout as sleep } from 'node:timers/promises';

/** How time is measured and waited for, in ms from any moment on. Never goes back. */
export interface Timing {
  now: () => number;
  wait: (ms: number) => Promise<void>;
}

export const realTiming: Timing = {
  now: () => performance.now(),
  wait: (ms) => sleep(ms),
};
