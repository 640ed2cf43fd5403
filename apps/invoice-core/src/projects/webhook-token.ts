import { createHash, randomBytes } from 'node:crypto';
import type { ProviderName } from '@quittance/contracts';
import type { Kysely } from 'kysely';
import type { Deps } from '../deps.ts';
import { seal } from '../endpoints/secrets.ts';
import type { Schema } from '../store/schema.ts';

const tokenBytes = 32;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** A new token as it is stored: encrypted to be shown, and hashed to be found by. */
export const newTokenColumns = (deps: Pick<Deps, 'encryptionKey'>) => {
  const token = randomBytes(tokenBytes).toString('base64url');
  return { webhook_token: seal(deps, token), webhook_token_hash: hashOf(token) };
};

/** Whose webhooks come to a URL with this token. */
export const projectOfToken = async (
  db: Kysely<Schema>,
  { provider, token }: { provider: ProviderName; token: string },
): Promise<number | undefined> => {
  const found = await db
    .selectFrom('project_providers')
    .select('project_id')
    .where('webhook_token_hash', '=', hashOf(token))
    .where('provider', '=', provider)
    .executeTakeFirst();
  return found?.project_id;
};
