import { hourMs } from '../datetime.ts';

const minuteMs = hourMs / 60;

// Source: https://docs.bitsby.app/webhook-url. That each counts from the failure before is documented of the first only.
const delays = [
  5 * minuteMs,
  15 * minuteMs,
  30 * minuteMs,
  hourMs,
  3 * hourMs,
  6 * hourMs,
  12 * hourMs,
  24 * hourMs,
];

/** Milliseconds to wait after the given number of failed attempts; undefined when it is time to give up. */
export const retryDelay = (failedAttempts: number): number | undefined =>
  delays[failedAttempts - 1];
