/** A time as Stripe writes it, in Unix seconds. */
export const isoTime = (unixSeconds: number): string => new Date(unixSeconds * 1000).toISOString();
