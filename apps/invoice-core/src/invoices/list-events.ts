import { InvoiceEvent, type InvoiceOfCaller } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import { readRowOfAccount } from './invoice-rows.ts';

export const listEvents = async (
  { store }: Pick<Deps, 'store'>,
  { caller, id }: InvoiceOfCaller,
): Promise<InvoiceEvent[]> => {
  await readRowOfAccount(store.read, { id, accountId: caller.accountId });
  const rows = await store.read
    .selectFrom('events')
    .selectAll()
    .where('invoice_id', '=', id)
    .orderBy('seq')
    .execute();
  return rows.map((row) =>
    InvoiceEvent.parse({
      position: row.position,
      invoiceId: row.invoice_id,
      seq: row.seq,
      type: row.type,
      status: row.status,
      occurredAt: new Date(row.occurred_at).toISOString(),
    }),
  );
};
