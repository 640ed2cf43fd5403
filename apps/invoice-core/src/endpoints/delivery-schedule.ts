import type { RetrySchedule } from '@quittance/contracts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** How long after each failed try the next one is made, in ms; after the last of them there is none. */
const schedules: Record<RetrySchedule, readonly number[]> = {
  /** The example of Standard Webhooks 1.0.0, "Delivery schedule": ten tries. */
  standard: [
    5 * second,
    5 * minute,
    30 * minute,
    2 * hour,
    5 * hour,
    10 * hour,
    14 * hour,
    20 * hour,
    24 * hour,
  ],
  /** Bitsby's own, of https://docs.bitsby.app/webhook-url: nine tries. That each counts from the failure before is ours. */
  bitsby: [5 * minute, 15 * minute, 30 * minute, hour, 3 * hour, 6 * hour, 12 * hour, 24 * hour],
};

/** So that what failed together does not return together. */
const jitter = 0.1;

/** The longest time that an endpoint can ask to be left alone for, in ms. */
const longestAsked = 24 * hour;

/** How long an endpoint that says "too many requests" and no time is left alone, in ms. */
const throttleMs = 5 * second;

interface Asked {
  /** UTC ms. */
  now: number;
  /** How long the endpoint asked to be left alone, in ms; null when it did not. */
  retryAfterMs: number | null;
}

const askedUntil = ({ now, retryAfterMs }: Asked): number =>
  now + Math.min(retryAfterMs ?? 0, longestAsked);

/**
 * When a delivery is tried again after so many tries have failed, UTC ms; null when it is given up.
 * @param random from 0 to 1
 */
export const nextTryAt = ({
  retries,
  tries,
  random,
  ...asked
}: Asked & { retries: RetrySchedule; tries: number; random: number }): number | null => {
  const delay = schedules[retries][tries - 1];
  if (delay === undefined) return null;
  return Math.max(asked.now + Math.round(delay * (1 + jitter * random)), askedUntil(asked));
};

/** Until when an endpoint that answered so is sent nothing at all, UTC ms; null when it goes on. */
export const throttledUntil = ({
  httpStatus,
  ...asked
}: Asked & { httpStatus: number | null }): number | null => {
  if (httpStatus === 429) return Math.max(asked.now + throttleMs, askedUntil(asked));
  const isOverloaded = httpStatus === 502 || httpStatus === 503 || httpStatus === 504;
  return isOverloaded && asked.retryAfterMs !== null ? askedUntil(asked) : null;
};

/** How long nothing may have arrived until an endpoint is disabled, in ms. */
export const givenUpAfterMs = 5 * 24 * hour;

/** For how long an endpoint at which everything fails can go without a try, in ms; an hour is for what runs late. */
export const longestSilenceMs = Math.max(...Object.values(schedules).flat()) * (1 + jitter) + hour;
