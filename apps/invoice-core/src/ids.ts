import { randomBytes } from 'node:crypto';

/** 24 hex digits: 12 of UTC milliseconds, so that they sort by time, then 12 at random. */
export const newPublicId = (now: number): string =>
  now.toString(16).padStart(12, '0') + randomBytes(6).toString('hex');
