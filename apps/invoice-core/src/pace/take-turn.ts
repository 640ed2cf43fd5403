import type { TakeTurn, Turn } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';

/** From when on a turn, in ms ahead, is further off than any patience: it was given before the clock was set back. */
const implausibleMs = 60_000;

/**
 * Takes the next turn of a lane. One statement, which whoever else takes one at the same time waits for: no two get the
 * same, in this process or another.
 * @throws DomainError `unavailable` when it is further off than the caller's patience; then none is taken
 */
export const takeTurn = async (
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  { lane, everyMs, patienceMs }: TakeTurn,
): Promise<Turn> => {
  const waitMs = await store.write(async (tx) => {
    const now = clock();
    const taken = await tx
      .insertInto('lanes')
      .values({ lane, next_at: now + everyMs })
      .onConflict((conflict) =>
        conflict
          .column('lane')
          .doUpdateSet((eb) => ({
            next_at: eb
              .case()
              .when(eb.between('lanes.next_at', now, now + implausibleMs))
              .then(eb('lanes.next_at', '+', everyMs))
              .else(now + everyMs)
              .end(),
          }))
          .where((eb) =>
            eb.not(eb.between('lanes.next_at', now + patienceMs + 1, now + implausibleMs)),
          ),
      )
      .returning('next_at')
      .executeTakeFirst();
    return taken && taken.next_at - everyMs - now;
  });
  if (waitMs !== undefined) return { waitMs };
  throw new DomainError('unavailable', 'Too many calls are waiting for their turn');
};
