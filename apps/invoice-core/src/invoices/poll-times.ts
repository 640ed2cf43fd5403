import type { Ability } from './provider-catalog.ts';

/**
 * How often to ask a provider whose webhooks can be relied on, one whose cannot, and such a one that takes only so many
 * questions; and how often one of these two while it says that money is on its way; in ms.
 */
const intervalMs = {
  authenticated: 15 * 60_000,
  hints: 60_000,
  pacedHints: 5 * 60_000,
  processing: 60_000,
};

/** As what is waited for grows old, the time between two questions grows with it. */
const ageShare = 1 / 8;

const growing = (interval: number, { since, now }: { since: number; now: number }): number =>
  Math.max(interval, Math.round((now - since) * ageShare));

interface PollTimes {
  /** Since when what is asked about is so: open, or ended. */
  since: number;
  /** Since when the provider says that money is on its way; null where it does not. */
  processingSince?: number | null;
  now: number;
}

/** When to ask next. All times UTC ms. */
export const nextPollAt = (
  { webhookAuthenticated, pace, pollMs }: Pick<Ability, 'webhookAuthenticated' | 'pace' | 'pollMs'>,
  { since, processingSince = null, now }: PollTimes,
): number => {
  const hinted = pace === null ? intervalMs.hints : intervalMs.pacedHints;
  const interval = pollMs ?? (webhookAuthenticated ? intervalMs.authenticated : hinted);
  const usual = growing(interval, { since, now });
  if (webhookAuthenticated || processingSince === null) return now + usual;
  const soon = growing(intervalMs.processing, { since: processingSince, now });
  return now + Math.max(Math.min(usual, soon), pace?.everyMs ?? 0);
};
