import { ConfigError } from '@quittance/runtime';
import type { Deps } from '../deps.ts';
import { pinMark } from './pins.ts';

/**
 * Makes sure that PINs can be checked: with another key every right one would be a wrong one.
 * @throws ConfigError when the PINs in the database were hashed with another key
 */
export const checkPins = async (deps: Pick<Deps, 'store' | 'encryptionKey'>): Promise<void> => {
  const known = await deps.store.read
    .selectFrom('users')
    .select('pin_hash')
    .where('pin_hash', 'is not', null)
    .where('telegram_id', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  if (known?.pin_hash?.startsWith(pinMark(deps)) ?? true) return;
  throw new ConfigError(
    'The encryption key is not the one of the PINs in this database: set ENCRYPTION_KEY or restore <DATA_DIR>/encryption.key',
  );
};
