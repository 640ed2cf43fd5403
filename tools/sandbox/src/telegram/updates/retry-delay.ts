import { randomInt } from 'node:crypto';

/** Seconds that a receiver can ask for at most, in `Retry-After`. */
const longestAskedFor = 3_600;
/** Seconds: the wait doubles up to a random number between this and its double. */
const longestOwn = 60;

/**
 * How long to wait after a failed attempt, in seconds: not at all after the first, then 2, 4, 8, ...; what the receiver
 * asks for goes before. `delay` is kept for the next time. Source: tdlib/telegram-bot-api, WebhookActor.cpp.
 */
export const retryDelay = (
  { failedAttempts, delay }: { failedAttempts: number; delay: number },
  askedForS: number,
): { delay: number; waitS: number } => {
  const asked = Math.min(Math.max(askedForS, 0), longestAskedFor);
  if (asked > 0) return { delay, waitS: asked };
  if (failedAttempts === 0) return { delay, waitS: 0 };
  const next = Math.min(randomInt(longestOwn, 2 * longestOwn + 1), delay * 2);
  return { delay: next, waitS: next };
};
