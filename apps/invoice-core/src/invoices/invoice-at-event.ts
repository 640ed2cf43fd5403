import type { Invoice } from '@quittance/contracts';
import type { Kysely } from 'kysely';
import type { Schema } from '../store/schema.ts';
import type { EventRow } from './event-rows.ts';
import { type History, newestObject, readHistory } from './history.ts';
import { readProviderData, termsOfRow, toInvoice } from './invoice-rows.ts';
import { standingOf } from './standing.ts';

type InvoiceEventRow = EventRow & { invoice_id: number };

/**
 * What was known when an event was appended. Of what came in the same millisecond, that is what its cause came after;
 * where its cause is no evidence but an act of ours, all that came before the cause of the next event.
 */
const historyAt = async (
  db: Kysely<Schema>,
  invoice: { id: number; expires_at: number | null },
  event: InvoiceEventRow,
): Promise<History> => {
  // An invoice begins without evidence.
  if (event.seq === 1) return { evidence: [], closings: [] };
  const later = await db
    .selectFrom('events')
    .select(['observation_id', 'act_id'])
    .where('invoice_id', '=', invoice.id)
    .where('seq', '>', event.seq)
    .where('occurred_at', '=', event.occurred_at)
    .execute();
  const laterActs = new Set(later.map(({ act_id }) => act_id));
  laterActs.delete(event.act_id);
  const firstLater = Math.min(...later.map(({ observation_id: id }) => id ?? Infinity));
  const lastKnown = event.observation_id ?? firstLater - 1;
  const { evidence, closings } = await readHistory(db, invoice, event.occurred_at);
  return {
    evidence: evidence.filter(
      ({ id, receivedAt }) => receivedAt < event.occurred_at || id <= lastKnown,
    ),
    closings: closings.filter(({ actId }) => !laterActs.has(actId)),
  };
};

/** An invoice as it stood right after an event of it. */
export const invoiceAtEvent = async (
  db: Kysely<Schema>,
  event: InvoiceEventRow,
): Promise<Invoice> => {
  const row = await db
    .selectFrom('invoices')
    .selectAll()
    .where('id', '=', event.invoice_id)
    .executeTakeFirstOrThrow();
  const opened = await db
    .selectFrom('events')
    .select('seq')
    .where('invoice_id', '=', row.id)
    .where('type', '=', 'invoice.opened')
    .where('seq', '<=', event.seq)
    .executeTakeFirst();
  const history = await historyAt(db, row, event);
  const shown = newestObject(history);
  return toInvoice(
    { ...row, provider_ref: opened ? row.provider_ref : null, updated_at: event.occurred_at },
    await readProviderData(db, shown?.id ?? null),
    standingOf(termsOfRow(row), history.evidence, history.closings),
  );
};
