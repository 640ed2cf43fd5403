import type { EventOfCaller, WebhookMessage } from '@quittance/contracts';
import { endpointMessage, invoiceMessage } from '@quittance/contracts/webhooks';
import { DomainError } from '@quittance/rpc';
import type { Kysely } from 'kysely';
import type { Deps } from '../deps.ts';
import { type EventRow, toEndpointEvent, toEvent } from '../invoices/event-rows.ts';
import { invoiceAtEvent } from '../invoices/invoice-at-event.ts';
import type { Schema } from '../store/schema.ts';

/** The webhook-id of an event: the same at every endpoint, at every try, in every replay. */
export const webhookIdOf = (position: number): string => `evt_${position}`;

const makeBody = async (db: Kysely<Schema>, event: EventRow): Promise<string> =>
  event.invoice_id === null
    ? endpointMessage(toEndpointEvent(event))
    : invoiceMessage({
        event: toEvent(event),
        invoice: await invoiceAtEvent(db, { ...event, invoice_id: event.invoice_id }),
      });

/** An event as endpoints get it: as it was written with the event, or where nobody asked for it then, made now. */
export const messageOfEvent = async (
  db: Kysely<Schema>,
  position: number,
): Promise<WebhookMessage> => {
  const stored = await db
    .selectFrom('webhook_messages')
    .select('body')
    .where('position', '=', position)
    .executeTakeFirst();
  const webhookId = webhookIdOf(position);
  if (stored) return { webhookId, body: stored.body };
  const event = await db
    .selectFrom('events')
    .selectAll()
    .where('position', '=', position)
    .executeTakeFirstOrThrow();
  return { webhookId, body: await makeBody(db, event) };
};

export const getMessage = async (
  { store }: Pick<Deps, 'store'>,
  { caller, position }: EventOfCaller,
): Promise<WebhookMessage> => {
  const event = await store.read
    .selectFrom('events')
    .select('account_id')
    .where('position', '=', position)
    .executeTakeFirst();
  if (event?.account_id !== caller.accountId) {
    throw new DomainError('not_found', `No event ${position}`);
  }
  return messageOfEvent(store.read, position);
};
