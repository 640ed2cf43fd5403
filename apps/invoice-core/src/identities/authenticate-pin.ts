import type { AuthenticatePin, Caller } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { invoiceOfRef } from '../invoices/observations.ts';
import type { Transaction } from '../store/store.ts';
import { takeBackTry, countTry, lockOut } from './pin-tries.ts';
import { matchesPin } from './pins.ts';

const userColumns = [
  'id',
  'account_id as accountId',
  'telegram_id as telegramId',
  'pin_hash as pinHash',
] as const;

/** Ids count from 1, so this is nobody's. */
const nobody = { id: 0, accountId: 0, pinHash: null };

interface Claimed {
  user: { id: number; accountId: number; pinHash: string | null };
  /** Whose tries these are. */
  of: number;
}

/** Whom somebody claims to be. @throws DomainError `not_found` for no invoice */
const claimed = async (tx: Transaction, who: AuthenticatePin['who']): Promise<Claimed> => {
  if ('telegramId' in who) {
    const user = await tx
      .selectFrom('users')
      .select(userColumns)
      .where('telegram_id', '=', who.telegramId)
      .executeTakeFirst();
    return { user: user ?? nobody, of: who.telegramId };
  }
  const invoiceId = await invoiceOfRef(tx, who);
  if (invoiceId === null) throw new DomainError('not_found', `No invoice ${who.ref}`);
  const { user_id } = await tx
    .selectFrom('invoices')
    .select('user_id')
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  const user = await tx
    .selectFrom('users')
    .select(userColumns)
    .where('id', '=', user_id)
    .executeTakeFirstOrThrow();
  return { user, of: user.telegramId ?? -user.id };
};

/**
 * Who somebody is by a PIN. A wrong one, a user without one and nobody at all are counted, locked out and refused alike, so
 * that nobody learns who is there.
 */
export const authenticatePin = async (
  deps: Pick<Deps, 'store' | 'clock' | 'encryptionKey'>,
  { who, pin }: AuthenticatePin,
): Promise<Caller> => {
  const caller = await deps.store.write(async (tx): Promise<Caller | undefined> => {
    const { user, of } = await claimed(tx, who);
    const now = deps.clock();
    const failures = await countTry(tx, { of, now });
    if (matchesPin(deps, { userId: user.id, pin }, user.pinHash)) {
      await takeBackTry(tx, { of, failures });
      return { accountId: user.accountId, userId: user.id };
    }
    await lockOut(tx, { of, now, failures });
    return undefined;
  });
  if (caller) return caller;
  throw new DomainError('unauthenticated', 'The PIN is not right');
};
