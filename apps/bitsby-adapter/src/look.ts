import { randomUUID } from 'node:crypto';
import type { Clock } from '@quittance/runtime';

/** One look at Bitsby, and when it was. Its answers do not say that, so it is by our clock. */
export interface Look {
  id: string;
  at: string;
}

export const lookNow = (clock: Clock): Look => ({
  id: randomUUID(),
  at: new Date(clock()).toISOString(),
});
