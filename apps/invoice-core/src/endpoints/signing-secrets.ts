import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Deps } from '../deps.ts';
import type { Schema } from '../store/schema.ts';
import type { Transaction } from '../store/store.ts';
import { seal, unseal } from './secrets.ts';

const secretBytes = 32;

/** A secret as Standard Webhooks writes it: https://www.standardwebhooks.com, "Symmetric" */
const newSecret = (): string => `whsec_${randomBytes(secretBytes).toString('base64')}`;

/** Gives an endpoint a new secret that stays. @returns it, for the one time that it is shown */
export const addSigningSecret = async (
  deps: Pick<Deps, 'encryptionKey'>,
  tx: Transaction,
  { endpointId, now }: { endpointId: number; now: number },
): Promise<string> => {
  const secret = newSecret();
  await tx
    .insertInto('endpoint_secrets')
    .values({
      endpoint_id: endpointId,
      secret: seal(deps, secret),
      created_at: now,
      expires_at: null,
    })
    .execute();
  return secret;
};

/**
 * The secrets that sign for an endpoint, newest first. An old one that cannot be read is passed over.
 * @throws Error when the newest cannot be read: what only old ones sign would be refused once those have expired
 */
export const readSigningSecrets = async (
  db: Kysely<Schema>,
  deps: Pick<Deps, 'encryptionKey' | 'log'>,
  endpointId: number,
  now: number,
): Promise<string[]> => {
  const rows = await db
    .selectFrom('endpoint_secrets')
    .select(['id', 'secret', 'expires_at'])
    .where('endpoint_id', '=', endpointId)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .orderBy('id', 'desc')
    .execute();
  return rows.flatMap(({ id, secret, expires_at }) => {
    try {
      return [unseal(deps, secret)];
    } catch (error) {
      if (expires_at === null) throw error;
      deps.log.error({ err: error, endpointId, secretId: id }, 'an old secret cannot be read');
      return [];
    }
  });
};
