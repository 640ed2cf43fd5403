import type { Endpoint } from '../domain/endpoint.ts';
import type { EndpointEvent, EventType, InvoiceEvent } from '../domain/event.ts';
import type { Invoice } from '../domain/invoice.ts';
import type { CanonicalInvoice } from './canonical-answers.ts';
import { toCanonicalInvoice } from './canonical-invoice.ts';
import type {
  EndpointDisabledEvent,
  EndpointTestEvent,
  InvoiceEventData,
} from './webhook-event.ts';

interface InvoiceMessage {
  type: EventType;
  timestamp: string;
  data: Omit<InvoiceEventData, 'invoice'> & { invoice: CanonicalInvoice };
}

/** The JSON text that is sent for an event; the invoice is that of after it. */
export const invoiceMessage = ({
  event: { type, occurredAt, position, seq },
  invoice,
}: {
  event: InvoiceEvent;
  invoice: Invoice;
}): string =>
  JSON.stringify({
    type,
    timestamp: occurredAt,
    data: { version: 1, position, seq, invoice: toCanonicalInvoice(invoice) },
  } satisfies InvoiceMessage);

/** The JSON text that is sent for an event of an endpoint, to the others. */
export const endpointMessage = ({
  type,
  occurredAt,
  position,
  endpointId: id,
  url,
  reason,
}: EndpointEvent): string =>
  JSON.stringify({
    type,
    timestamp: occurredAt,
    data: { version: 1, position, endpoint: { id, url, reason } },
  } satisfies EndpointDisabledEvent);

/** The JSON text of a test ping. */
export const testMessage = ({
  endpoint: { id, url },
  at,
}: {
  endpoint: Pick<Endpoint, 'id' | 'url'>;
  at: Date;
}): string =>
  JSON.stringify({
    type: 'endpoint.test',
    timestamp: at.toISOString(),
    data: { version: 1, endpoint: { id, url } },
  } satisfies EndpointTestEvent);
