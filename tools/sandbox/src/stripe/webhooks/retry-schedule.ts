const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

// Stripe publishes "up to three days with an exponential back off" (https://docs.stripe.com/webhooks), no intervals.
const delays = [
  second,
  5 * second,
  30 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  ...Array.from({ length: 6 }, () => 10 * hour),
];

/** Milliseconds to wait after the given number of failed attempts; undefined when it is time to give up. */
export const retryDelay = (failedAttempts: number): number | undefined =>
  delays[failedAttempts - 1];
