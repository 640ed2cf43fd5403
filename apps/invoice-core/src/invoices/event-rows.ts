import { type AccountEvent, EndpointEvent, InvoiceEvent } from '@quittance/contracts';
import { parseJson } from '@quittance/rpc';
import type { Selectable } from 'kysely';
import type { Schema } from '../store/schema.ts';

export type EventRow = Selectable<Schema['events']>;

export const toEvent = (row: EventRow): InvoiceEvent =>
  InvoiceEvent.parse({
    position: row.position,
    invoiceId: row.invoice_id,
    invoicePublicId: row.invoice_public_id,
    seq: row.seq,
    type: row.type,
    status: row.status,
    occurredAt: new Date(row.occurred_at).toISOString(),
  });

const EndpointEventData = EndpointEvent.pick({ endpointId: true, url: true, reason: true });

export const endpointEventData = (data: Pick<EndpointEvent, 'endpointId' | 'url' | 'reason'>) =>
  JSON.stringify(data);

export const toEndpointEvent = (row: EventRow): EndpointEvent =>
  EndpointEvent.parse({
    ...EndpointEventData.parse(parseJson(row.data ?? 'null')),
    position: row.position,
    type: row.type,
    occurredAt: new Date(row.occurred_at).toISOString(),
  });

export const toAccountEvent = (row: EventRow): AccountEvent =>
  row.invoice_id === null ? toEndpointEvent(row) : toEvent(row);
