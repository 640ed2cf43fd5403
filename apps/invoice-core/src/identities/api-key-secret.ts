import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const form = /^(qk_[0-9a-f]{12})_[\w-]{43}$/;

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** A new key. Only its prefix and hash are kept; 256 random bits need no slow hash. */
export const newApiKeySecret = (): { secret: string; prefix: string; hash: string } => {
  const prefix = `qk_${randomBytes(6).toString('hex')}`;
  const secret = `${prefix}_${randomBytes(32).toString('base64url')}`;
  return { secret, prefix, hash: hashOf(secret) };
};

/** The part that finds a key in the table, or undefined for what cannot be one of ours. */
export const prefixOf = (secret: string): string | undefined => form.exec(secret)?.[1];

/** Compares in constant time. */
export const matchesHash = (secret: string, hash: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(hash));
