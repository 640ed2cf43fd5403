/** A time as Bitsby writes it, `YYYY-MM-DD HH:MM:SS` in UTC, as ISO 8601. */
export const isoTime = (datetime: string): string =>
  new Date(`${datetime.replace(' ', 'T')}Z`).toISOString();

/** The day of a moment in UTC, `YYYY-MM-DD`. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
