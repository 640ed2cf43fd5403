/**
 * How long the header `Retry-After` asks to wait, in ms: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 * @param now UTC ms, by the receiver's reckoning: system time
 * @returns null for one that asks for nothing
 */
export const parseRetryAfter = (value: string | undefined, now: number): number | null => {
  if (value === undefined) return null;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000 || null;
  const ms = text.endsWith('GMT') ? Date.parse(text) - now : 0;
  return ms > 0 ? ms : null;
};
