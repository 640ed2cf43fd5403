import { createHash } from 'node:crypto';
import { DomainError } from '@quittance/rpc';
import type { Kysely } from 'kysely';
import type { Schema } from '../store/schema.ts';
import type { Transaction } from '../store/store.ts';

/** A request under a client's Idempotency-Key. Keys are their user's own. */
export interface KeyedRequest {
  userId: number;
  key: string;
  /** All of the request that matters: another request under the same key is refused. */
  request: readonly unknown[];
}

/** What an answer is about. */
export type Subject = `${'invoice' | 'act' | 'endpoint' | 'project'}:${number}`;

export interface KeyRecord {
  /** The id behind the subject. */
  id: number;
  /** The answer as JSON; null while there is none. */
  outcome: string | null;
}

const hashOf = ({ request }: KeyedRequest): string =>
  createHash('sha256').update(JSON.stringify(request)).digest('hex');

/** What is known of a keyed request. @throws DomainError `idempotency_mismatch` for another request under its key */
export const findKey = async (
  db: Kysely<Schema>,
  keyed: KeyedRequest,
): Promise<KeyRecord | undefined> => {
  const record = await db
    .selectFrom('idempotency_records')
    .select(['request_hash', 'subject', 'outcome'])
    .where('user_id', '=', keyed.userId)
    .where('key', '=', keyed.key)
    .executeTakeFirst();
  if (!record) return undefined;
  if (record.request_hash !== hashOf(keyed)) {
    throw new DomainError(
      'idempotency_mismatch',
      'This Idempotency-Key was used with another request',
      { param: 'Idempotency-Key' },
    );
  }
  return { id: Number(record.subject.split(':')[1]), outcome: record.outcome };
};

export const keepKey = async (
  tx: Transaction,
  keyed: KeyedRequest,
  { subject, outcome, now }: { subject: Subject; outcome?: unknown; now: number },
): Promise<void> => {
  await tx
    .insertInto('idempotency_records')
    .values({
      user_id: keyed.userId,
      key: keyed.key,
      request_hash: hashOf(keyed),
      subject,
      outcome: outcome === undefined ? null : JSON.stringify(outcome),
      created_at: now,
    })
    .execute();
};

/** Keeps the answer to the request that a subject was made for, if it came with a key. The first answer stays. */
export const keepOutcome = async (
  tx: Transaction,
  subject: Subject,
  outcome: unknown,
): Promise<void> => {
  await tx
    .updateTable('idempotency_records')
    .set({ outcome: JSON.stringify(outcome) })
    .where('subject', '=', subject)
    .where('outcome', 'is', null)
    .execute();
};
