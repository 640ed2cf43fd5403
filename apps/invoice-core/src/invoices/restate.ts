import type { Deps } from '../deps.ts';
import { announceInvoice } from '../endpoints/outbox.ts';
import type { Transaction } from '../store/store.ts';
import { appendEvents, type Cause } from './append-events.ts';
import { newestObject, readHistory } from './history.ts';
import { type InvoiceRow, standingColumns, standingOfRow, termsOfRow } from './invoice-rows.ts';
import { type Standing, standingOf } from './standing.ts';
import { transitionsBetween } from './transitions.ts';

/** Has it end when the provider says that it does. @returns when, UTC ms */
const followEnd = async (
  { jobs }: Pick<Deps, 'jobs'>,
  tx: Transaction,
  { id, expires_at }: Pick<InvoiceRow, 'id' | 'expires_at'>,
  { endsAt }: Standing,
): Promise<number | null> => {
  if (endsAt === null || endsAt === expires_at) return expires_at;
  const job = { key: String(id), payload: { invoiceId: id } };
  await jobs.schedule(tx, { kind: 'expire', ...job, runAt: endsAt });
  return endsAt;
};

export interface Restated {
  invoiceId: number;
  cause: Cause;
  /** The provider's id of it, when this is the first to tell it. */
  opening?: string | null;
  now: number;
}

/**
 * Computes an invoice's standing anew from all its history and stores it with the events that this makes, and with what
 * is to be sent of them.
 */
export const restate = async (
  deps: Pick<Deps, 'jobs'>,
  tx: Transaction,
  { invoiceId, cause, opening, now }: Restated,
): Promise<void> => {
  const row = await tx
    .selectFrom('invoices')
    .selectAll()
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  const history = await readHistory(tx, row);
  const standing = standingOf(termsOfRow(row), history.evidence, history.closings);
  const providerRef = row.provider_ref ?? opening ?? null;

  const transitions = transitionsBetween(
    { ...standingOfRow(row), opened: row.provider_ref !== null },
    { ...standing, opened: providerRef !== null },
  );
  const { status } = standing;
  const events = await appendEvents(tx, row, { transitions, status, cause, now });
  const { numUpdatedRows } = await tx
    .updateTable('invoices')
    .set({
      ...standingColumns(standing),
      expires_at: await followEnd(deps, tx, row, standing),
      provider_ref: providerRef,
      observation_id: newestObject(history)?.id ?? null,
      event_count: row.event_count + events.length,
      updated_at: now,
      version: row.version + 1,
    })
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error(`Invoice ${row.id} changed under its writer`);
  await announceInvoice(deps, tx, { invoiceId: row.id, accountId: row.account_id, events, now });
};
