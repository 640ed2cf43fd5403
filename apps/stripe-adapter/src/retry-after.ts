import type { Answer } from './http-client.ts';

/**
 * The longest wait that is believed, in ms. Stripe's limits are by the second or the hour: one that goes on asks again,
 * while a header gone wrong must not stop a hub for days.
 */
const maxMs = 600_000;

/**
 * How long an answer asks to wait, in ms, given in seconds or as a date by the clock of the answer's own `Date`. At most
 * ten minutes.
 * https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export const retryAfterMs = (headers: ReturnType<Answer['getHeaders']>): number | undefined => {
  const asked = headers['retry-after'];
  if (typeof asked !== 'string') return undefined;
  const ms = /^\d+$/.test(asked)
    ? Number(asked) * 1_000
    : Date.parse(asked) - Date.parse(String(headers['date']));
  return Number.isNaN(ms) ? undefined : Math.min(ms, maxMs);
};
