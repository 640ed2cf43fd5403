import type { Caller, Endpoint, EndpointOfCaller } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import { readEndpointOfAccount, removed, toEndpoint } from './endpoint-rows.ts';

/** Newest first. */
export const listEndpoints = async (
  { store }: Pick<Deps, 'store'>,
  { caller }: { caller: Caller },
): Promise<Endpoint[]> => {
  const rows = await store.read
    .selectFrom('endpoints')
    .selectAll()
    .where('account_id', '=', caller.accountId)
    .orderBy('id', 'desc')
    .execute();
  return rows.filter(({ disabled }) => disabled !== removed).map(toEndpoint);
};

export const getEndpoint = async (
  { store }: Pick<Deps, 'store'>,
  { caller, id }: EndpointOfCaller,
): Promise<Endpoint> =>
  toEndpoint(await readEndpointOfAccount(store.read, { id, accountId: caller.accountId }));
