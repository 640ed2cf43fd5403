import {
  type Account,
  type CreateAccount,
  defaultPolicy,
  type PaymentPolicy,
  type SetPolicy,
} from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';

export const listAccounts = ({ store }: Pick<Deps, 'store'>): Promise<Account[]> =>
  store.read.selectFrom('accounts').select(['id', 'name']).orderBy('id').execute();

export const setPolicy = (
  { store }: Pick<Deps, 'store'>,
  { accountId, policy }: SetPolicy,
): Promise<PaymentPolicy> =>
  store.write(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('accounts')
      .set({ policy: JSON.stringify(policy) })
      .where('id', '=', accountId)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) throw new DomainError('not_found', 'No such account');
    return policy;
  });

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
