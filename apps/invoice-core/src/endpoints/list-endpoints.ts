import type { Caller, Endpoint, EndpointOfCaller } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import { readEndpointOfAccount, removed, selectEndpoints, toEndpoint } from './endpoint-rows.ts';

/** Newest first. */
export const listEndpoints = async (
  { store }: Pick<Deps, 'store'>,
  { caller }: { caller: Caller },
): Promise<Endpoint[]> => {
  const rows = await selectEndpoints(store.read)
    .where('endpoints.account_id', '=', caller.accountId)
    .orderBy('endpoints.id', 'desc')
    .execute();
  return rows.filter(({ disabled }) => disabled !== removed).map(toEndpoint);
};

export const getEndpoint = async (
  { store }: Pick<Deps, 'store'>,
  { caller, id }: EndpointOfCaller,
): Promise<Endpoint> =>
  toEndpoint(await readEndpointOfAccount(store.read, { id, accountId: caller.accountId }));
