import type { Act } from '@quittance/contracts';
import { headStartMs } from '../jobs/core-jobs.ts';
import type { Deps } from '../deps.ts';
import type { Transaction } from '../store/store.ts';
import type { InvoiceRow } from './invoice-rows.ts';

interface NewAct {
  kind: Act['kind'];
  key: string;
  amount?: number;
  reason?: string | null;
  now: number;
}

/** Records something that we did ourselves; it is done by being recorded. @returns undefined when it was before */
export const recordAct = async (
  tx: Transaction,
  invoice: Pick<InvoiceRow, 'id' | 'account_id'>,
  { kind, key, reason = null, now }: NewAct,
): Promise<number | undefined> => {
  const act = await tx
    .insertInto('acts')
    .values({
      account_id: invoice.account_id,
      invoice_id: invoice.id,
      kind,
      key,
      amount: null,
      reason,
      state: 'done',
      provider_ref: null,
      message: null,
      made_at: now,
      settled_at: now,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('id')
    .executeTakeFirst();
  return act?.id;
};

/** Records something to be asked of the provider, and sees to it that it is. @returns the act of that key */
export const requestAct = async (
  { jobs }: Pick<Deps, 'jobs'>,
  tx: Transaction,
  invoice: Pick<InvoiceRow, 'id' | 'account_id'>,
  { kind, key, amount, reason = null, now }: NewAct,
): Promise<number> => {
  const known = await tx.selectFrom('acts').select('id').where('key', '=', key).executeTakeFirst();
  if (known) return known.id;
  const { id } = await tx
    .insertInto('acts')
    .values({
      account_id: invoice.account_id,
      invoice_id: invoice.id,
      kind,
      key,
      amount: amount ?? null,
      reason,
      state: 'pending',
      provider_ref: null,
      message: null,
      made_at: now,
      settled_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const job = { kind: 'act', key: String(id), runAt: now + headStartMs } as const;
  await jobs.schedule(tx, { ...job, payload: { actId: id } });
  return id;
};

/** The provider's idempotency key of an invoice's one cancel. */
export const cancelKey = ({ public_id }: Pick<InvoiceRow, 'public_id'>): string =>
  `quittance-cancel-${public_id}`;
