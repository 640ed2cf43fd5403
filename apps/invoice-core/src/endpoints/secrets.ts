import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Deps } from '../deps.ts';

type Key = Pick<Deps, 'encryptionKey'>;

/** What a sealed text begins with, so that another way of sealing can be told from this one. */
const version = 'v1:';
const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Encrypts a text for the database: AES-256-GCM with a nonce of its own, as base64 of nonce, tag and ciphertext. */
export const seal = ({ encryptionKey }: Key, text: string): string => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, encryptionKey, nonce, { authTagLength: tagBytes });
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return version + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
};

/** @throws Error for what was sealed with another key, or is not what was sealed */
export const unseal = ({ encryptionKey }: Key, sealed: string): string => {
  const bytes = Buffer.from(sealed.slice(version.length), 'base64');
  if (!sealed.startsWith(version) || bytes.length < nonceBytes + tagBytes) {
    throw new Error('This is no sealed text');
  }
  const tagEnd = nonceBytes + tagBytes;
  const nonce = bytes.subarray(0, nonceBytes);
  const decipher = createDecipheriv(algorithm, encryptionKey, nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(bytes.subarray(nonceBytes, tagEnd));
  try {
    return decipher.update(bytes.subarray(tagEnd), undefined, 'utf8') + decipher.final('utf8');
  } catch (cause) {
    throw new Error('A secret cannot be read: was ENCRYPTION_KEY another one?', { cause });
  }
};
