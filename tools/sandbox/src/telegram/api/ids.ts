import { randomBytes, randomInt } from 'node:crypto';

/** The identifier of a query: a number of 18 digits, as text. */
export const newQueryId = (): string =>
  `${randomInt(1e8, 1e9)}${String(randomInt(1e9)).padStart(9, '0')}`;

/** Unguessable text of `A-Z a-z 0-9 _ -`. */
export const newSlug = (bytes = 16): string => randomBytes(bytes).toString('base64url');
