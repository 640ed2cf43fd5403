import type { CreateUser, User } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { newPublicId } from '../ids.ts';
import type { Transaction } from '../store/store.ts';

export const userColumns = [
  'id',
  'public_id as publicId',
  'account_id as accountId',
  'name',
  'email',
  'telegram_id as telegramId',
] as const;

export const listUsers = (
  { store }: Pick<Deps, 'store'>,
  { accountId }: { accountId: number },
): Promise<User[]> =>
  store.read
    .selectFrom('users')
    .select(userColumns)
    .where('account_id', '=', accountId)
    .orderBy('id')
    .execute();

/** @throws DomainError `not_found` for no account */
export const insertUser = async (
  tx: Transaction,
  { accountId, name, email, now }: CreateUser & { now: number },
): Promise<User> => {
  const account = await tx
    .selectFrom('accounts')
    .select('id')
    .where('id', '=', accountId)
    .executeTakeFirst();
  if (!account) throw new DomainError('not_found', 'No such account', { param: 'accountId' });
  return tx
    .insertInto('users')
    .values({ public_id: newPublicId(now), account_id: accountId, name, email, created_at: now })
    .returning(userColumns)
    .executeTakeFirstOrThrow();
};

export const createUser = (
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  input: CreateUser,
): Promise<User> => store.write((tx) => insertUser(tx, { ...input, now: clock() }));
