import { type Account, type CreateAccount, defaultPolicy } from '@quittance/contracts';
import type { Deps } from '../deps.ts';

export const listAccounts = ({ store }: Pick<Deps, 'store'>): Promise<Account[]> =>
  store.read.selectFrom('accounts').select(['id', 'name']).orderBy('id').execute();

export const createAccount = (
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  { name }: CreateAccount,
): Promise<Account> =>
  store.write((tx) =>
    tx
      .insertInto('accounts')
      .values({ name, policy: JSON.stringify(defaultPolicy), created_at: clock() })
      .returning(['id', 'name'])
      .executeTakeFirstOrThrow(),
  );
