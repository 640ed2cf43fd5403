import { InvoiceEvent } from '@quittance/contracts';
import type { Selectable } from 'kysely';
import type { Schema } from '../store/schema.ts';

export const toEvent = (row: Selectable<Schema['events']>): InvoiceEvent =>
  InvoiceEvent.parse({
    position: row.position,
    invoiceId: row.invoice_id,
    invoicePublicId: row.invoice_public_id,
    seq: row.seq,
    type: row.type,
    status: row.status,
    occurredAt: new Date(row.occurred_at).toISOString(),
  });
