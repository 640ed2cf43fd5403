import type { Store } from '../store/store.ts';

/**
 * Gives back every job that is leased. For an engine whose one worker is just starting: whatever is leased was left by
 * one that died, and need not wait for its lease to run out. Fencing holds all the same.
 */
export const releaseLeases = (store: Store): Promise<unknown> =>
  store.write((tx) =>
    tx
      .updateTable('jobs')
      .set({ lease_token: null, leased_until: null })
      .where('lease_token', 'is not', null)
      .execute(),
  );
