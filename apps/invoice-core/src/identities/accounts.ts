import {
  type Account,
  type CreateAccount,
  defaultPolicy,
  PaymentPolicy,
  type SetPolicy,
} from '@quittance/contracts';
import { DomainError, parseJson } from '@quittance/rpc';
import type { Deps } from '../deps.ts';

export const listAccounts = ({ store }: Pick<Deps, 'store'>): Promise<Account[]> =>
  store.read.selectFrom('accounts').select(['id', 'name']).orderBy('id').execute();

const noAccount = (): never => {
  throw new DomainError('not_found', 'No such account');
};

export const readPolicy = async (
  { store }: Pick<Deps, 'store'>,
  { accountId }: { accountId: number },
): Promise<PaymentPolicy> => {
  const account = await store.read
    .selectFrom('accounts')
    .select('policy')
    .where('id', '=', accountId)
    .executeTakeFirst();
  return account ? PaymentPolicy.parse(parseJson(account.policy)) : noAccount();
};

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
    return numUpdatedRows === 1n ? policy : noAccount();
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
