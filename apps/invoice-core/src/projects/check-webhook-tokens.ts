import { ConfigError } from '@quittance/runtime';
import type { Deps } from '../deps.ts';
import { unseal } from '../endpoints/secrets.ts';

/**
 * Makes sure that what is stored can be read, also where there is no endpoint whose secret would tell.
 * @throws ConfigError when another key encrypted the tokens in the database
 */
export const checkWebhookTokens = async (
  deps: Pick<Deps, 'store' | 'encryptionKey'>,
): Promise<void> => {
  const newest = await deps.store.read
    .selectFrom('project_providers')
    .select('webhook_token')
    .orderBy('project_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!newest) return;
  try {
    unseal(deps, newest.webhook_token);
  } catch (cause) {
    const message =
      'The encryption key does not open the webhook tokens in this database: set ENCRYPTION_KEY or restore <DATA_DIR>/encryption.key';
    throw new ConfigError(message, { cause });
  }
};
