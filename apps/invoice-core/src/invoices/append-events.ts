import type { EventType } from '@quittance/contracts';
import type { Transaction } from '../store/store.ts';
import type { InvoiceRow } from './invoice-rows.ts';

/** Appends events to an invoice, numbered on from its last. @returns the invoice's new event count */
export const appendEvents = async (
  tx: Transaction,
  invoice: Pick<InvoiceRow, 'id' | 'account_id' | 'event_count'>,
  { types, status, now }: { types: readonly EventType[]; status: string; now: number },
): Promise<number> => {
  const rows = types.map((type, index) => ({
    account_id: invoice.account_id,
    invoice_id: invoice.id,
    seq: invoice.event_count + index + 1,
    type,
    status,
    occurred_at: now,
  }));
  if (rows.length > 0) await tx.insertInto('events').values(rows).execute();
  return invoice.event_count + rows.length;
};
