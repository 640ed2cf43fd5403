import { ApiKey, type CreateApiKey, type CreatedApiKey } from '@quittance/contracts';
import { DomainError, parseJson } from '@quittance/rpc';
import type { Selectable } from 'kysely';
import type { Deps } from '../deps.ts';
import type { Schema } from '../store/schema.ts';
import { newApiKeySecret } from './api-key-secret.ts';

const toApiKey = (row: Selectable<Schema['api_keys']>): ApiKey =>
  ApiKey.parse({
    id: row.id,
    prefix: row.prefix,
    userId: row.user_id,
    scopes: parseJson(row.scopes),
    createdAt: new Date(row.created_at).toISOString(),
    revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at).toISOString(),
  });

export const createApiKey = async (
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  { userId, scopes }: CreateApiKey,
): Promise<CreatedApiKey> => {
  const { secret, prefix, hash } = newApiKeySecret();
  const apiKey = await store.write(async (tx) => {
    const user = await tx
      .selectFrom('users')
      .select('account_id')
      .where('id', '=', userId)
      .executeTakeFirst();
    if (!user) throw new DomainError('not_found', 'No such user', { param: 'userId' });
    const row = await tx
      .insertInto('api_keys')
      .values({
        prefix,
        hash,
        account_id: user.account_id,
        user_id: userId,
        scopes: JSON.stringify(scopes),
        created_at: clock(),
        revoked_at: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return toApiKey(row);
  });
  return { apiKey, secret };
};

/** Of every account, also those that were revoked. */
export const listApiKeys = async ({ store }: Pick<Deps, 'store'>): Promise<ApiKey[]> =>
  (await store.read.selectFrom('api_keys').selectAll().orderBy('id').execute()).map(toApiKey);

/** From the moment that this resolves, the key opens nothing. Revoking twice keeps the first time. */
export const revokeApiKey = (
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  { id }: { id: number },
): Promise<ApiKey> =>
  store.write(async (tx) => {
    const row = await tx
      .updateTable('api_keys')
      .set((eb) => ({ revoked_at: eb.fn.coalesce('revoked_at', eb.val(clock())) }))
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    if (!row) throw new DomainError('not_found', 'No such API key');
    return toApiKey(row);
  });
