import { DomainError } from '@quittance/rpc';
import type { Transaction } from '../store/store.ts';

/** How many wrong PINs are free. The last of them is followed by the first pause, in ms; each further one by twice that. */
const freeTries = 5;
const firstPauseMs = 30_000;
const longestPauseMs = 3_600_000;

/** After so long without a wrong PIN they are forgotten, in ms: nobody guesses faster by waiting for that. */
const forgottenAfterMs = 24 * 3_600_000;

/** How many rows of others are cleared away at a wrong PIN, so that none waits long. */
const clearedAtOnce = 100;

/** How long nobody may try after so many wrong PINs, in ms. */
export const pauseAfter = (failures: number): number =>
  failures < freeTries ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - freeTries));

interface Try {
  /** Whose tries are counted: a Telegram id, known or not. */
  of: number;
  now: number;
}

const lockedOut = async (tx: Transaction, { of, now }: Try): Promise<DomainError> => {
  const { locked_until } = await tx
    .selectFrom('pin_tries')
    .select('locked_until')
    .where('telegram_id', '=', of)
    .executeTakeFirstOrThrow();
  return new DomainError('rate_limited', 'Too many wrong PINs: try again later', {
    retryAfterMs: Math.max(0, (locked_until ?? now) - now),
  });
};

/**
 * Counts a try as a wrong one before it is looked at, in one statement that others wait for: so no number of tries at once
 * gets past the count. A pause that is longer than any was given before the clock was set back.
 * @returns how many wrong ones there are with it
 * @throws DomainError `rate_limited` while locked out; then it is not counted
 */
export const countTry = async (tx: Transaction, one: Try): Promise<number> => {
  const { of, now } = one;
  const counted = await tx
    .insertInto('pin_tries')
    .values({ telegram_id: of, failures: 1, locked_until: null, updated_at: now })
    .onConflict((conflict) =>
      conflict
        .column('telegram_id')
        .doUpdateSet((eb) => ({
          failures: eb
            .case()
            .when('pin_tries.updated_at', '<', now - forgottenAfterMs)
            .then(1)
            .else(eb('pin_tries.failures', '+', 1))
            .end(),
          locked_until: null,
          updated_at: now,
        }))
        .where((eb) =>
          eb.or([
            eb('pin_tries.locked_until', 'is', null),
            eb('pin_tries.locked_until', '<=', now),
            eb('pin_tries.locked_until', '>', now + longestPauseMs),
          ]),
        ),
    )
    .returning('failures')
    .executeTakeFirst();
  if (!counted) throw await lockedOut(tx, one);
  return counted.failures;
};

/**
 * Takes back the count of a try that was right. Wrong ones before it stay, or whoever guesses would have as many more
 * each time that the user comes by.
 */
export const takeBackTry = async (
  tx: Transaction,
  { of, failures }: Pick<Try, 'of'> & { failures: number },
): Promise<void> => {
  if (failures === 1) {
    await clearTries(tx, of);
    return;
  }
  await tx
    .updateTable('pin_tries')
    .set({ failures: failures - 1 })
    .where('telegram_id', '=', of)
    .execute();
};

/** Forgets wrong PINs, since there is a new one. */
export const clearTries = async (tx: Transaction, of: number): Promise<void> => {
  await tx.deleteFrom('pin_tries').where('telegram_id', '=', of).execute();
};

/** Locks out whoever has given too many wrong PINs, and clears away what is forgotten. */
export const lockOut = async (
  tx: Transaction,
  { of, now, failures }: Try & { failures: number },
): Promise<void> => {
  const pause = pauseAfter(failures);
  if (pause > 0) {
    await tx
      .updateTable('pin_tries')
      .set({ locked_until: now + pause })
      .where('telegram_id', '=', of)
      .execute();
  }
  await tx
    .deleteFrom('pin_tries')
    .where('telegram_id', 'in', (eb) =>
      eb
        .selectFrom('pin_tries')
        .select('telegram_id')
        .where('updated_at', '<', now - forgottenAfterMs)
        .orderBy('updated_at')
        .limit(clearedAtOnce),
    )
    .execute();
};
