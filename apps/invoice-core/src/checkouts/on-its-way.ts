import { DomainError } from '@quittance/rpc';
import type { Kysely } from 'kysely';
import type { Schema } from '../store/schema.ts';
import { type Accepted, mayBeOnItsWay, onItsWayMs } from './decide-checkout.ts';

/** The last payment of an invoice that was let through. */
export const lastAccepted = async (
  db: Kysely<Schema>,
  invoiceId: number,
): Promise<Accepted | null> =>
  (await db
    .selectFrom('checkouts')
    .select(['question_id as questionId', 'payer', 'accepted_at as acceptedAt'])
    .where('invoice_id', '=', invoiceId)
    .executeTakeFirst()) ?? null;

/**
 * A payment that was let through can no longer be stopped. Were its invoice canceled meanwhile, somebody would pay for what
 * they do not get, and the merchant would have money to give back: so the cancel waits until it came in, or no longer can.
 * @throws DomainError `conflict` while it may be on its way
 */
export const assertNobodyPays = async (
  db: Kysely<Schema>,
  { invoiceId, now }: { invoiceId: number; now: number },
): Promise<void> => {
  const accepted = await lastAccepted(db, invoiceId);
  if (!accepted || !mayBeOnItsWay(accepted, now)) return;
  const retryAfterMs = Math.max(0, accepted.acceptedAt + onItsWayMs - now);
  const minutes = Math.max(1, Math.ceil(retryAfterMs / 60_000));
  const message = `Somebody is paying it: it can be canceled in ${minutes} min if no money arrives`;
  throw new DomainError('conflict', message, { retryAfterMs });
};
