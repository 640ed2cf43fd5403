import type { Stripe } from 'stripe';

/** Merges as Stripe does: an empty value removes its key, null removes all, undefined changes nothing. */
export const mergeMetadata = (
  current: Stripe.Metadata,
  change: Record<string, string> | null | undefined,
): Stripe.Metadata => {
  if (change === undefined) return current;
  if (change === null) return {};
  const merged = { ...current, ...change };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
};
