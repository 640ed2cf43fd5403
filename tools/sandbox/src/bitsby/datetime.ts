export const secondMs = 1_000;
export const hourMs = 3_600 * secondMs;
export const dayMs = 24 * hourMs;

/** `YYYY-MM-DD HH:MM:SS` in UTC, without a zone, as Bitsby writes every moment. */
export const datetime = (ms: number): string =>
  new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

/** `YYYY-MM-DD` in UTC. Days compare as texts. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The last Monday 00:00 UTC, in UTC milliseconds. */
export const mondayBefore = (ms: number): number => {
  const midnight = Math.floor(ms / dayMs) * dayMs;
  const daysSinceMonday = (new Date(midnight).getUTCDay() + 6) % 7;
  return midnight - daysSinceMonday * dayMs;
};

/** Whether a moment is on or between these days, each of which may be left open. */
export const isWithin = (
  { startDate, endDate }: { startDate?: string | undefined; endDate?: string | undefined },
  ms: number,
): boolean => {
  const day = dayOf(ms);
  return (startDate ?? day) <= day && day <= (endDate ?? day);
};
