import type { EventOfCaller, WebhookFormat, WebhookMessage } from '@quittance/contracts';
import { endpointMessage } from '@quittance/contracts/webhooks';
import { DomainError } from '@quittance/rpc';
import type { Insertable, Kysely } from 'kysely';
import type { Deps } from '../deps.ts';
import { type EventRow, toEndpointEvent } from '../invoices/event-rows.ts';
import { invoiceAtEvent } from '../invoices/invoice-at-event.ts';
import type { Schema } from '../store/schema.ts';
import type { Transaction } from '../store/store.ts';
import { writeMessage } from './write-message.ts';

/** The webhook-id of an event: the same at every endpoint, at every try, in every replay. */
export const webhookIdOf = (position: number): string => `evt_${position}`;

const makeBody = async (
  db: Kysely<Schema>,
  event: EventRow,
  format: WebhookFormat,
): Promise<string> => {
  if (event.invoice_id === null) return endpointMessage(toEndpointEvent(event));
  const invoice = await invoiceAtEvent(db, { ...event, invoice_id: event.invoice_id });
  return writeMessage(db, { event, invoice, format });
};

/**
 * Messages in a format of those events that none is stored of. They may be made outside of the transaction that stores
 * them.
 */
export const makeMissingMessages = async (
  db: Kysely<Schema>,
  positions: readonly number[],
  format: WebhookFormat,
): Promise<Insertable<Schema['webhook_messages']>[]> => {
  const events = await db
    .selectFrom('events')
    .leftJoin('webhook_messages as stored', (join) =>
      join.onRef('stored.position', '=', 'events.position').on('stored.format', '=', format),
    )
    .selectAll('events')
    .where('events.position', 'in', positions)
    .where('stored.position', 'is', null)
    .execute();
  const messages = [];
  for (const event of events) {
    messages.push({ position: event.position, format, body: await makeBody(db, event, format) });
  }
  return messages;
};

/** What is delivered is stored, so that every try of it sends the same. What is stored already stays. */
export const storeMessages = async (
  tx: Transaction,
  messages: readonly Insertable<Schema['webhook_messages']>[],
): Promise<void> => {
  if (messages.length === 0) return;
  await tx
    .insertInto('webhook_messages')
    .values(messages)
    .onConflict((conflict) => conflict.columns(['position', 'format']).doNothing())
    .execute();
};

/** An event as endpoints of a format get it: as it is stored, or where nobody has asked for it yet, made now. */
export const messageOfEvent = async (
  db: Kysely<Schema>,
  { position, format }: { position: number; format: WebhookFormat },
): Promise<WebhookMessage> => {
  const stored = await db
    .selectFrom('webhook_messages')
    .select('body')
    .where('position', '=', position)
    .where('format', '=', format)
    .executeTakeFirst();
  const webhookId = webhookIdOf(position);
  if (stored) return { webhookId, body: stored.body };
  const event = await db
    .selectFrom('events')
    .selectAll()
    .where('position', '=', position)
    .executeTakeFirstOrThrow();
  return { webhookId, body: await makeBody(db, event, format) };
};

/** An event as endpoints of the standard format get it. */
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
  return messageOfEvent(store.read, { position, format: 'standard' });
};
