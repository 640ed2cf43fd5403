import { randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const unbiasedBelow = 256 - (256 % alphabet.length);
const poolBytes = 8192;

const createRandomText = (): ((length: number) => string) => {
  let pool = randomBytes(poolBytes);
  let position = 0;
  const nextByte = (): number => {
    if (position === pool.length) {
      pool = randomBytes(poolBytes);
      position = 0;
    }
    return pool[position++] ?? 0;
  };
  return (length) => {
    let text = '';
    while (text.length < length) {
      const byte = nextByte();
      if (byte < unbiasedBelow) text += alphabet[byte % alphabet.length];
    }
    return text;
  };
};

/** Unguessable base62 text. */
export const randomText = createRandomText();

/** An id as Stripe makes them, e.g. `pi_` and 24 base62 characters. */
export const newId = (prefix: string, length = 24): string => `${prefix}_${randomText(length)}`;
