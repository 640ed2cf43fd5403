import { randomText } from '../../random-text.ts';

export { randomText };

/** An id as Stripe makes them, e.g. `pi_` and 24 base62 characters. */
export const newId = (prefix: string, length = 24): string => `${prefix}_${randomText(length)}`;
