import type { CreateUser, User } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { newPublicId } from '../ids.ts';

const columns = [
  'id',
  'public_id as publicId',
  'account_id as accountId',
  'name',
  'email',
] as const;

export const listUsers = (
  { store }: Pick<Deps, 'store'>,
  { accountId }: { accountId: number },
): Promise<User[]> =>
  store.read
    .selectFrom('users')
    .select(columns)
    .where('account_id', '=', accountId)
    .orderBy('id')
    .execute();

export const createUser = (
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  { accountId, name, email }: CreateUser,
): Promise<User> =>
  store.write(async (tx) => {
    const account = await tx
      .selectFrom('accounts')
      .select('id')
      .where('id', '=', accountId)
      .executeTakeFirst();
    if (!account) throw new DomainError('not_found', 'No such account', { param: 'accountId' });
    const now = clock();
    return tx
      .insertInto('users')
      .values({
        public_id: newPublicId(now),
        account_id: accountId,
        name,
        email,
        created_at: now,
      })
      .returning(columns)
      .executeTakeFirstOrThrow();
  });
