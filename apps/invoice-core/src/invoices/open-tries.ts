import { DomainError, toDomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';

/** The last try to open an invoice, where such a try may come about later. */
export interface OpenTry {
  invoiceId: number;
  /** UTC ms; null where none was, or the last one certainly did nothing. */
  triedAt: number | null;
}

/**
 * That a provider knew of nothing proves nothing while an earlier try may still come about.
 * @param lookedAt when the provider was asked, UTC ms
 * @throws DomainError `outcome_unknown`, with when to ask again
 */
export const assertNotInDoubt = (
  { clock }: Pick<Deps, 'clock'>,
  { triedAt }: OpenTry,
  { doubtMs, lookedAt }: { doubtMs: number; lookedAt: number },
): void => {
  const endsAt = (triedAt ?? -Infinity) + doubtMs;
  if (lookedAt >= endsAt) return;
  throw new DomainError('outcome_unknown', 'An earlier try may still come about', {
    retryAfterMs: Math.max(1, endsAt - clock()),
  });
};

/**
 * Makes it durable that opening it is tried now, before it is.
 * @throws DomainError `outcome_unknown` where somebody else has tried since
 */
export const beginTry = (
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  { invoiceId, triedAt }: OpenTry,
): Promise<OpenTry> =>
  store.write(async (tx) => {
    const now = clock();
    const { numUpdatedRows } = await tx
      .updateTable('invoices')
      .set({ open_tried_at: now })
      .where('id', '=', invoiceId)
      .where('open_tried_at', triedAt === null ? 'is' : '=', triedAt)
      .executeTakeFirst();
    if (numUpdatedRows === 1n) return { invoiceId, triedAt: now };
    throw new DomainError('outcome_unknown', 'It is being opened elsewhere');
  });

export const didNothing = (error: unknown): boolean =>
  ['unavailable', 'rate_limited'].includes(toDomainError(error).code);

/** Forgets a try that certainly did nothing, so that nobody waits for it to come about. */
export const forgetIfNothing = async (
  { store }: Pick<Deps, 'store'>,
  { invoiceId, triedAt }: OpenTry,
  error: unknown,
): Promise<void> => {
  if (triedAt === null || !didNothing(error)) return;
  await store.write(async (tx) => {
    await tx
      .updateTable('invoices')
      .set({ open_tried_at: null })
      .where('id', '=', invoiceId)
      .where('open_tried_at', '=', triedAt)
      .execute();
  });
};
