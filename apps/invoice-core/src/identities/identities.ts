import type { ApiKey, InvoiceCore } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import { createAccount, listAccounts, readPolicy, setPolicy } from './accounts.ts';
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts';
import { authenticate } from './authenticate.ts';
import type { TelegramIdentities } from './telegram-identities.ts';
import { createUser, listUsers } from './users.ts';

/** Accounts, users and keys as whoever has the database itself can see to them. */
export interface Identities extends Omit<
  InvoiceCore['identities'],
  'userOfCustomer' | keyof TelegramIdentities
> {
  /** Of every account. */
  listApiKeys: () => Promise<ApiKey[]>;
}

/** Accounts, users and keys. They need no provider and no secret, so tools can use them on a database alone. */
export const createIdentities = (deps: Pick<Deps, 'store' | 'clock'>): Identities => ({
  authenticate: (input) => authenticate(deps, input),
  listAccounts: () => listAccounts(deps),
  createAccount: (input) => createAccount(deps, input),
  policy: (input) => readPolicy(deps, input),
  setPolicy: (input) => setPolicy(deps, input),
  listUsers: (input) => listUsers(deps, input),
  createUser: (input) => createUser(deps, input),
  createApiKey: (input) => createApiKey(deps, input),
  listApiKeys: () => listApiKeys(deps),
  revokeApiKey: (input) => revokeApiKey(deps, input),
});
