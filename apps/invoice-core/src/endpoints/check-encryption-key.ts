import { ConfigError } from '@quittance/runtime';
import type { Deps } from '../deps.ts';
import { unseal } from './secrets.ts';

/**
 * Makes sure that what is stored can be read: without its secrets nothing is delivered.
 * @throws ConfigError when another key encrypted the database's secrets
 */
export const checkEncryptionKey = async (
  deps: Pick<Deps, 'store' | 'encryptionKey'>,
): Promise<void> => {
  const newest = await deps.store.read
    .selectFrom('endpoint_secrets')
    .select('secret')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!newest) return;
  try {
    unseal(deps, newest.secret);
  } catch (cause) {
    const message =
      'The encryption key does not open the secrets in this database: set ENCRYPTION_KEY or restore <DATA_DIR>/encryption.key';
    throw new ConfigError(message, { cause });
  }
};
