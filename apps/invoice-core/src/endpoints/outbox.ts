import { endpointMessage, invoiceMessage } from '@quittance/contracts/webhooks';
import type { Insertable } from 'kysely';
import type { Deps } from '../deps.ts';
import { newPublicId } from '../ids.ts';
import { type EventRow, toEndpointEvent, toEvent } from '../invoices/event-rows.ts';
import { readInvoice } from '../invoices/invoice-rows.ts';
import type { Schema } from '../store/schema.ts';
import type { Transaction } from '../store/store.ts';
import { asksFor, type EndpointRow } from './endpoint-rows.ts';

type Listening = Pick<EndpointRow, 'id' | 'event_types' | 'throttled_until'>;

/** Has what is due to an endpoint sent, as soon as it can be called. */
export const wake = async (
  { jobs }: Pick<Deps, 'jobs'>,
  tx: Transaction,
  { id, throttled_until }: Pick<EndpointRow, 'id' | 'throttled_until'>,
  now: number,
): Promise<void> => {
  await jobs.schedule(tx, {
    kind: 'deliver',
    key: String(id),
    payload: { endpointId: id },
    runAt: Math.max(now, throttled_until ?? now),
    ifScheduled: 'earliest',
  });
};

/** A delivery's place at the start of its schedule, whatever came of it before. */
export const startOver = (now: number) => ({
  state: 'pending',
  tries: 0,
  next_attempt_at: now,
  settled_at: null,
});

/** A delivery that nobody has tried yet. */
export const newDelivery = (
  endpointId: number,
  event: Pick<EventRow, 'account_id' | 'position' | 'type' | 'invoice_id' | 'invoice_public_id'>,
  now: number,
): Insertable<Schema['deliveries']> => ({
  public_id: `del_${newPublicId(now)}`,
  account_id: event.account_id,
  endpoint_id: endpointId,
  position: event.position,
  type: event.type,
  invoice_id: event.invoice_id,
  invoice_public_id: event.invoice_public_id,
  attempts: 0,
  created_at: now,
  ...startOver(now),
});

interface Announced {
  accountId: number;
  /** As they were appended. */
  events: readonly EventRow[];
  now: number;
}

/** Who is to be told what. An account without endpoints costs one read of an index. */
const audienceOf = async (
  tx: Transaction,
  { accountId, events }: Announced,
): Promise<{ event: EventRow; endpoints: Listening[] }[]> => {
  if (events.length === 0) return [];
  const listening = await tx
    .selectFrom('endpoints')
    .select(['id', 'event_types', 'throttled_until'])
    .where('account_id', '=', accountId)
    .where('disabled', 'is', null)
    .execute();
  return events
    .map((event) => ({ event, endpoints: listening.filter((one) => asksFor(one, event.type)) }))
    .filter(({ endpoints }) => endpoints.length > 0);
};

const enqueue = async (
  deps: Pick<Deps, 'jobs'>,
  tx: Transaction,
  audience: Awaited<ReturnType<typeof audienceOf>>,
  { bodyOf, now }: { bodyOf: (event: EventRow) => string; now: number },
): Promise<void> => {
  const messages = audience.map(({ event }) => ({ position: event.position, body: bodyOf(event) }));
  await tx.insertInto('webhook_messages').values(messages).execute();
  const deliveries = audience.flatMap(({ event, endpoints }) =>
    endpoints.map(({ id }) => newDelivery(id, event, now)),
  );
  await tx.insertInto('deliveries').values(deliveries).execute();
  const told = new Map(audience.flatMap(({ endpoints }) => endpoints.map((one) => [one.id, one])));
  for (const endpoint of told.values()) await wake(deps, tx, endpoint, now);
};

/**
 * Writes what is to be sent of events of an invoice, in the transaction that appends them: one message each, with the
 * invoice as it is now, and one delivery for each endpoint that asks for it.
 */
export const announceInvoice = async (
  deps: Pick<Deps, 'jobs'>,
  tx: Transaction,
  { invoiceId, ...announced }: Announced & { invoiceId: number },
): Promise<void> => {
  const audience = await audienceOf(tx, announced);
  if (audience.length === 0) return;
  const invoice = await readInvoice(tx, invoiceId);
  const bodyOf = (event: EventRow) => invoiceMessage({ event: toEvent(event), invoice });
  await enqueue(deps, tx, audience, { bodyOf, now: announced.now });
};

/** The same for events of an endpoint, which the account's other endpoints are told. */
export const announceEndpoint = async (
  deps: Pick<Deps, 'jobs'>,
  tx: Transaction,
  announced: Announced,
): Promise<void> => {
  const audience = await audienceOf(tx, announced);
  if (audience.length === 0) return;
  const bodyOf = (event: EventRow) => endpointMessage(toEndpointEvent(event));
  await enqueue(deps, tx, audience, { bodyOf, now: announced.now });
};
