import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteStore } from '@quittance/invoice-core/app';
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

const holdsSecrets = async (database: string): Promise<boolean> => {
  const store = await openSqliteStore(database);
  try {
    const { read } = store;
    const secrets = await read.selectFrom('endpoint_secrets').select('id').limit(1).execute();
    return secrets.length > 0;
  } finally {
    await store.close();
  }
};

/** A new key would hide that the one that a database's secrets were encrypted with is lost. */
const refuseBesideSecrets = async (dataDir: string): Promise<void> => {
  const database = join(dataDir, 'quittance.db');
  if (!existsSync(database) || !(await holdsSecrets(database))) return;
  throw new ConfigError(
    `${database} has secrets, but their encryption key is missing: set ENCRYPTION_KEY or restore ${join(dataDir, 'encryption.key')}`,
  );
};

/**
 * What the hub encrypts secrets with: the configured key, else that of the data folder, which is made when there is
 * none.
 * @throws ConfigError for a key in the data folder that is none, or that is missing beside what it encrypted
 */
export const encryptionKey = async ({
  ENCRYPTION_KEY,
  DATA_DIR,
}: Pick<Config, 'ENCRYPTION_KEY' | 'DATA_DIR'>): Promise<Buffer> => {
  if (ENCRYPTION_KEY) return ENCRYPTION_KEY;
  const file = join(DATA_DIR, 'encryption.key');
  const known = await readKey(file);
  if (known) return known;
  await refuseBesideSecrets(DATA_DIR);
  await writeKey(file);
  const made = await readKey(file);
  if (made) return made;
  throw new ConfigError(`${file} could not be made`);
};
