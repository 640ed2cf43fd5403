import type { LinkTelegram, SetPin, User } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { clearTries } from './pin-tries.ts';
import { hashPin } from './pins.ts';
import { userColumns } from './users.ts';

type PinDeps = Pick<Deps, 'store' | 'encryptionKey'>;

/** Makes a user somebody in Telegram, with a PIN or with none, in place of who they were. */
export const linkTelegram = (
  deps: PinDeps,
  { userId, telegramId, pin }: LinkTelegram,
): Promise<User> =>
  deps.store.write(async (tx) => {
    const holder = await tx
      .selectFrom('users')
      .select('id')
      .where('telegram_id', '=', telegramId)
      .executeTakeFirst();
    if (holder && holder.id !== userId) {
      const message = 'Another user has that Telegram id';
      throw new DomainError('conflict', message, { param: 'telegramId' });
    }
    const user = await tx
      .updateTable('users')
      .set({
        telegram_id: telegramId,
        pin_hash: pin === null ? null : hashPin(deps, { userId, pin }),
      })
      .where('id', '=', userId)
      .returning(userColumns)
      .executeTakeFirst();
    if (!user) throw new DomainError('not_found', 'No such user', { param: 'userId' });
    await clearTries(tx, telegramId);
    return user;
  });

export const userOfTelegram = async (
  { store }: Pick<Deps, 'store'>,
  { telegramId }: { telegramId: number },
): Promise<User | null> =>
  (await store.read
    .selectFrom('users')
    .select(userColumns)
    .where('telegram_id', '=', telegramId)
    .executeTakeFirst()) ?? null;

/** Whoever was locked out by guesses at the old PIN can use the new one at once. */
export const setPin = (deps: PinDeps, { telegramId, pin }: SetPin): Promise<User> =>
  deps.store.write(async (tx) => {
    const user = await tx
      .selectFrom('users')
      .select(userColumns)
      .where('telegram_id', '=', telegramId)
      .executeTakeFirst();
    if (!user) throw new DomainError('not_found', 'Nobody here is that person in Telegram');
    await tx
      .updateTable('users')
      .set({ pin_hash: hashPin(deps, { userId: user.id, pin }) })
      .where('id', '=', user.id)
      .execute();
    await clearTries(tx, telegramId);
    return user;
  });
