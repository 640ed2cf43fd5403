import { setTimeout as sleep } from 'node:timers/promises';

/** How waits are made, in ms; one that is aborted ends early and well. */
export interface Timing {
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const realTiming: Timing = {
  wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
};
