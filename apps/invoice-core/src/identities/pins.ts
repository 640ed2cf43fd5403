import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Deps } from '../deps.ts';

type Key = Pick<Deps, 'encryptionKey'>;

interface UserPin {
  userId: number;
  pin: string;
}

/** What a hash begins with, so that another way of hashing can be told from this one. */
const version = 'v1';
const keyBytes = 32;
const markBytes = 8;

const derive = ({ encryptionKey }: Key, purpose: string, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', encryptionKey, '', `quittance ${purpose}`, length));

/** What all hashes made with a hub's key begin with; it says nothing of the key itself. */
export const pinMark = (deps: Key): string =>
  `${version}:${derive(deps, 'pin mark', markBytes).toString('hex')}:`;

/**
 * A PIN as it is stored. However slow a hash is, four to six characters are found by trying all of them, so this one needs
 * a key that is not in the database: whoever has a copy of that alone has nothing to try with.
 */
export const hashPin = (deps: Key, { userId, pin }: UserPin): string =>
  pinMark(deps) +
  createHmac('sha256', derive(deps, 'pin', keyBytes))
    .update(JSON.stringify([userId, pin]))
    .digest('base64url');

/** Compares in constant time, with the same work where there is nothing to compare with. */
export const matchesPin = (deps: Key, guess: UserPin, hash: string | null): boolean => {
  const given = Buffer.from(hashPin(deps, guess));
  const known = hash === null ? Buffer.alloc(given.length) : Buffer.from(hash);
  return given.length === known.length && timingSafeEqual(given, known);
};
