import type { Answer } from './http-client.ts';

/**
 * How long an answer asks to wait, in ms, given in seconds or as a date by the clock of the answer's own `Date`.
 * https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export const retryAfterMs = (headers: ReturnType<Answer['getHeaders']>): number | undefined => {
  const asked = headers['retry-after'];
  if (typeof asked !== 'string') return undefined;
  const ms = /^\d+$/.test(asked)
    ? Number(asked) * 1_000
    : Date.parse(asked) - Date.parse(String(headers['date']));
  return Number.isNaN(ms) ? undefined : ms;
};
