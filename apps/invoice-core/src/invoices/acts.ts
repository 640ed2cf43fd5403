import type { Act, ProviderAct } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { headStartMs } from '../jobs/core-jobs.ts';
import type { Transaction } from '../store/store.ts';
import type { InvoiceRow } from './invoice-rows.ts';
import type { RefundDetail } from './refunded-payment.ts';

interface NewAct {
  kind: Act['kind'];
  /** An act is its key's: made again, it is the one that is there. */
  key: string;
  amount?: number;
  reason?: string | null;
  /** What the provider has to know to do it, where that is more than its kind. */
  detail?: ProviderAct | RefundDetail;
  now: number;
}

type ActInvoice = Pick<InvoiceRow, 'id' | 'account_id'>;

const insertAct = async (
  tx: Transaction,
  invoice: ActInvoice,
  { kind, key, amount, reason, detail, now }: NewAct,
  state: 'done' | 'pending',
): Promise<{ id: number; isNew: boolean }> => {
  const known = await tx.selectFrom('acts').select('id').where('key', '=', key).executeTakeFirst();
  if (known) return { id: known.id, isNew: false };
  const { id } = await tx
    .insertInto('acts')
    .values({
      account_id: invoice.account_id,
      invoice_id: invoice.id,
      kind,
      key,
      amount: amount ?? null,
      reason: reason ?? null,
      detail: detail ? JSON.stringify(detail) : null,
      state,
      provider_ref: null,
      message: null,
      made_at: now,
      settled_at: state === 'done' ? now : null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id, isNew: true };
};

/** Records something that we did ourselves; it is done by being recorded. @returns its id */
export const recordAct = async (
  tx: Transaction,
  invoice: ActInvoice,
  act: NewAct,
): Promise<number> => (await insertAct(tx, invoice, act, 'done')).id;

/** Records something to be asked of the provider, and sees to it that it is. @returns its id */
export const requestAct = async (
  { jobs }: Pick<Deps, 'jobs'>,
  tx: Transaction,
  invoice: ActInvoice,
  act: NewAct,
): Promise<number> => {
  const { id, isNew } = await insertAct(tx, invoice, act, 'pending');
  if (isNew) {
    const job = { kind: 'act', key: String(id), payload: { actId: id } } as const;
    await jobs.schedule(tx, { ...job, runAt: act.now + headStartMs });
  }
  return id;
};

/**
 * Two things asked of a provider at once could come in another order than they were asked in: a payment after the
 * invoice was written off.
 * @param joined a kind that whoever asks would join
 * @throws DomainError `conflict` while something is being asked
 */
export const assertNothingPending = async (
  tx: Transaction,
  { id }: Pick<InvoiceRow, 'id'>,
  joined: Act['kind'] = 'refund',
): Promise<void> => {
  const pending = await tx
    .selectFrom('acts')
    .select('kind')
    .where('invoice_id', '=', id)
    .where('state', '=', 'pending')
    .where('kind', 'not in', ['refund', joined])
    .executeTakeFirst();
  if (!pending) return;
  throw new DomainError('conflict', `Its ${pending.kind} is still being carried out`);
};

/**
 * The provider's idempotency key of an invoice's cancel: one, until it is refused. The next try needs another, since
 * under the first the provider may only repeat itself.
 */
export const cancelKey = async (
  tx: Transaction,
  { id, public_id }: Pick<InvoiceRow, 'id' | 'public_id'>,
): Promise<string> => {
  const refused = await tx
    .selectFrom('acts')
    .select('id')
    .where('invoice_id', '=', id)
    .where('kind', '=', 'cancel')
    .where('state', '=', 'refused')
    .execute();
  return `quittance-cancel-${public_id}-${refused.length + 1}`;
};
