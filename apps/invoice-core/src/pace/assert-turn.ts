import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import type { Ability } from '../invoices/provider-catalog.ts';
import { unopened } from '../invoices/unopened.ts';
import type { Transaction } from '../store/store.ts';

/** Turns that whatever else is asked of the provider may take meanwhile: one that is polled, one that is canceled. */
const spareTurns = 2;

/** How long it takes, beside the patience, until a create that waits for its turn has been answered, in ms. */
const answerMs = 30_000;

/**
 * Refuses one more invoice while so many wait to be opened that it would not have its turn at the provider in time. Those that
 * have waited longer than any create does are tried again in the background, and hold up nobody.
 * @throws DomainError `rate_limited`
 */
export const assertTurn = async (
  { sandbox, clock }: Pick<Deps, 'sandbox' | 'clock'>,
  tx: Transaction,
  { provider, ability: { pace } }: { provider: string; ability: Pick<Ability, 'pace'> },
): Promise<void> => {
  if (pace === null) return;
  const { everyMs, patienceMs } = pace;
  const { count } = await unopened(tx, { provider, sandbox })
    .where('created_at', '>', clock() - patienceMs - answerMs)
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  const waiting = Number(count);
  const turnMs = (waiting + 1 + spareTurns) * everyMs;
  if (waiting === 0 || turnMs <= patienceMs) return;
  throw new DomainError('rate_limited', `Too many invoices are waiting for ${provider}`, {
    retryAfterMs: Math.max(everyMs, turnMs - patienceMs),
  });
};
