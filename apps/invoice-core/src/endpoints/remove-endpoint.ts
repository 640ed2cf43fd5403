import type { Endpoint, EndpointOfCaller } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import { readEndpointOfAccount, removed, toEndpoint } from './endpoint-rows.ts';

/**
 * Removes an endpoint: from now on nobody sees it and nothing is sent to it. Its deliveries, which may be very many,
 * are deleted in the background.
 */
export const removeEndpoint = (
  { store, jobs, clock }: Pick<Deps, 'store' | 'jobs' | 'clock'>,
  { caller, id }: EndpointOfCaller,
): Promise<Endpoint> =>
  store.write(async (tx) => {
    const row = await readEndpointOfAccount(tx, { id, accountId: caller.accountId });
    const key = String(row.id);
    await tx.updateTable('endpoints').set({ disabled: removed }).where('id', '=', row.id).execute();
    await jobs.remove(tx, { kind: 'deliver', key });
    await jobs.schedule(tx, {
      kind: 'remove',
      key,
      payload: { endpointId: row.id },
      runAt: clock(),
    });
    return toEndpoint(row);
  });
