import type { EndpointOfCaller, RotatedSecret } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import { readEndpointOfAccount, toEndpoint } from './endpoint-rows.ts';
import { addSigningSecret } from './signing-secrets.ts';

/** How long the old secret signs beside the new one, in ms. */
const overlapMs = 24 * 3_600_000;

/** Gives an endpoint a new secret. Never more than two sign: of those before the old one nothing is kept. */
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
      .where('expires_at', 'is not', null)
      .execute();
    await tx
      .updateTable('endpoint_secrets')
      .set({ expires_at: oldUntil })
      .where('endpoint_id', '=', row.id)
      .execute();
    const secret = await addSigningSecret(deps, tx, { endpointId: row.id, now });
    return { endpoint: toEndpoint(row), secret, oldSecretUntil: new Date(oldUntil).toISOString() };
  });
