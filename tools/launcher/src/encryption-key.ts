import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configSchema as coreConfig } from '@quittance/invoice-core/config';
import { ConfigError } from '@quittance/runtime';
import type { Config } from './config.ts';

const keyBytes = 32;

const errorCode = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

const readKey = async (file: string): Promise<Buffer | undefined> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const key = coreConfig.shape.ENCRYPTION_KEY.safeParse(text.trim());
  if (key.success) return key.data;
  throw new ConfigError(`${file} is not base64 of ${keyBytes} bytes`);
};

/** Writes a key whole, on disk, and only where nobody else has: what it encrypts cannot be read without it. */
const writeKey = async (file: string): Promise<void> => {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const text = `${randomBytes(keyBytes).toString('base64')}\n`;
  await writeFile(draft, text, { mode: 0o600, flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft);
  }
};

/**
 * What the hub encrypts secrets with: the configured key, else that of the data folder, which is made when there is
 * none.
 * @throws ConfigError for a key in the data folder that is none
 */
export const encryptionKey = async ({
  ENCRYPTION_KEY,
  DATA_DIR,
}: Pick<Config, 'ENCRYPTION_KEY' | 'DATA_DIR'>): Promise<Buffer> => {
  if (ENCRYPTION_KEY) return ENCRYPTION_KEY;
  const file = join(DATA_DIR, 'encryption.key');
  const known = await readKey(file);
  if (known) return known;
  await writeKey(file);
  const made = await readKey(file);
  if (made) return made;
  throw new ConfigError(`${file} could not be made`);
};
