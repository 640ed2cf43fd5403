import type { EndpointOfCaller, RotatedSecret } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { readEndpointOfAccount, toEndpoint } from './endpoint-rows.ts';
import { addSigningSecret } from './signing-secrets.ts';

/** How long an old secret signs beside the new one, in ms. */
const overlapMs = 24 * 3_600_000;

/** How many sign at once: each is a signature in every delivery's headers. */
const maxSecrets = 5;

/** Gives an endpoint a new secret. Each old one signs on for its own time, however often they are rotated meanwhile. */
export const rotateSecret = (
  deps: Pick<Deps, 'store' | 'clock' | 'encryptionKey'>,
  { caller, id }: EndpointOfCaller,
): Promise<RotatedSecret> =>
  deps.store.write(async (tx) => {
    const row = await readEndpointOfAccount(tx, { id, accountId: caller.accountId });
    const now = deps.clock();
    const oldUntil = now + overlapMs;
    await tx
      .deleteFrom('endpoint_secrets')
      .where('endpoint_id', '=', row.id)
      .where('expires_at', '<=', now)
      .execute();
    const signing = await tx
      .selectFrom('endpoint_secrets')
      .select('id')
      .where('endpoint_id', '=', row.id)
      .execute();
    if (signing.length >= maxSecrets) {
      throw new DomainError('conflict', 'rotated too often: wait until an old secret has expired');
    }
    await tx
      .updateTable('endpoint_secrets')
      .set({ expires_at: oldUntil })
      .where('endpoint_id', '=', row.id)
      .where('expires_at', 'is', null)
      .execute();
    const secret = await addSigningSecret(deps, tx, { endpointId: row.id, now });
    return { endpoint: toEndpoint(row), secret, oldSecretUntil: new Date(oldUntil).toISOString() };
  });
