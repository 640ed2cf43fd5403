import type { BitsbyState } from './state.ts';

/** Source: https://docs.bitsby.app/api-documentation/general-information, "no more than 1 request per second". */
const smallestAllowedGapMs = 1_000;

const gapSince = (lastAcceptedAt: number | undefined, now: number): number =>
  // A clock that was put back does not lock a key out.
  lastAcceptedAt === undefined || now < lastAcceptedAt ? Infinity : now - lastAcceptedAt;

/** Counts a request of this key, and says whether it may be served now. */
export const admit = (
  { paces }: BitsbyState,
  apiKey: string,
  { now, limited }: { now: number; limited: boolean },
): boolean => {
  const pace = paces.get(apiKey);
  const { accepted = 0, refused = 0, lastAcceptedAt = now, smallestGapMs = null } = pace ?? {};
  const gap = gapSince(pace?.lastAcceptedAt, now);
  if (limited && gap < smallestAllowedGapMs) {
    paces.put(apiKey, { accepted, lastAcceptedAt, smallestGapMs, refused: refused + 1 });
    return false;
  }
  const smallest = Math.min(smallestGapMs ?? Infinity, gap);
  paces.put(apiKey, {
    accepted: accepted + 1,
    refused,
    lastAcceptedAt: now,
    smallestGapMs: smallest === Infinity ? null : smallest,
  });
  return true;
};

/** Forgets the counts, but not when each key was last served. */
export const resetPaces = ({ paces }: BitsbyState): void => {
  for (const [apiKey, { lastAcceptedAt }] of paces.entries()) {
    paces.put(apiKey, { accepted: 0, refused: 0, lastAcceptedAt, smallestGapMs: null });
  }
};
