import { randomBytes } from 'node:crypto';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const poolBytes = 8192;

const createRandomText = (): ((length: number, alphabet?: string) => string) => {
  let pool = randomBytes(poolBytes);
  let position = 0;
  const nextByte = (): number => {
    if (position === pool.length) {
      pool = randomBytes(poolBytes);
      position = 0;
    }
    return pool[position++] ?? 0;
  };
  return (length, alphabet = base62) => {
    const unbiasedBelow = 256 - (256 % alphabet.length);
    let text = '';
    while (text.length < length) {
      const byte = nextByte();
      if (byte < unbiasedBelow) text += alphabet[byte % alphabet.length];
    }
    return text;
  };
};

/** Unguessable text, base62 unless another alphabet of ASCII characters is given. */
export const randomText = createRandomText();
