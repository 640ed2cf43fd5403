import type { Authenticate, Caller } from '@quittance/contracts';
import { DomainError, parseJson } from '@quittance/rpc';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { matchesHash, prefixOf } from './api-key-secret.ts';

const Scopes = z.array(z.string());

/** One answer for every kind of wrong key, so that nobody learns which keys exist. */
const unauthenticated = (): DomainError =>
  new DomainError('unauthenticated', 'The API key is missing, malformed or no longer valid');

export const authenticate = async (
  { store }: Pick<Deps, 'store'>,
  { apiKey, scope }: Authenticate,
): Promise<Caller> => {
  const prefix = prefixOf(apiKey);
  if (prefix === undefined) throw unauthenticated();
  const key = await store.read
    .selectFrom('api_keys')
    .select(['hash', 'scopes', 'revoked_at', 'account_id as accountId', 'user_id as userId'])
    .where('prefix', '=', prefix)
    .executeTakeFirst();
  if (!key || !matchesHash(apiKey, key.hash) || key.revoked_at !== null) throw unauthenticated();
  if (!Scopes.parse(parseJson(key.scopes)).includes(scope)) {
    throw new DomainError('forbidden', `The API key lacks the scope ${scope}`);
  }
  return { accountId: key.accountId, userId: key.userId };
};
