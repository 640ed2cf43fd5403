import type { WebhookFormat } from '@quittance/contracts';
import { endpointMessage } from '@quittance/contracts/webhooks';
import type { Insertable } from 'kysely';
import type { Deps } from '../deps.ts';
import { newPublicId } from '../ids.ts';
import { type EventRow, toEndpointEvent } from '../invoices/event-rows.ts';
import { readInvoice } from '../invoices/invoice-rows.ts';
import type { Schema } from '../store/schema.ts';
import type { Transaction } from '../store/store.ts';
import { type About, formatOf, isTold } from './audience.ts';
import { asksFor, type EndpointRow } from './endpoint-rows.ts';
import { writeMessage } from './write-message.ts';

type Listening = Pick<
  EndpointRow,
  'id' | 'event_types' | 'project_id' | 'format' | 'throttled_until'
>;

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

/** Who asks for any of it. An account without endpoints costs one read of an index. */
const listeningTo = async (
  tx: Transaction,
  { accountId, events }: Announced,
): Promise<Listening[]> => {
  if (events.length === 0) return [];
  const endpoints = await tx
    .selectFrom('endpoints')
    .select(['id', 'event_types', 'project_id', 'format', 'throttled_until'])
    .where('account_id', '=', accountId)
    .where('disabled', 'is', null)
    .execute();
  return endpoints.filter((one) => events.some(({ type }) => asksFor(one, type)));
};

interface Told {
  event: EventRow;
  endpoints: Listening[];
}

/** Who is to be told what. */
const audienceOf = (
  listening: readonly Listening[],
  events: readonly EventRow[],
  subject: Omit<About, 'type'>,
): Told[] =>
  events
    .map((event) => {
      const about = { ...subject, type: event.type };
      return { event, endpoints: listening.filter((one) => isTold(one, about)) };
    })
    .filter(({ endpoints }) => endpoints.length > 0);

interface Worded {
  bodyOf: (event: EventRow, format: WebhookFormat) => Promise<string>;
  now: number;
}

const enqueue = async (
  deps: Pick<Deps, 'jobs'>,
  tx: Transaction,
  audience: readonly Told[],
  { bodyOf, now }: Worded,
): Promise<void> => {
  const messages = [];
  for (const { event, endpoints } of audience) {
    for (const format of new Set(endpoints.map(formatOf))) {
      messages.push({ position: event.position, format, body: await bodyOf(event, format) });
    }
  }
  await tx.insertInto('webhook_messages').values(messages).execute();
  const deliveries = audience.flatMap(({ event, endpoints }) =>
    endpoints.map(({ id }) => newDelivery(id, event, now)),
  );
  await tx.insertInto('deliveries').values(deliveries).execute();
  const told = new Map(audience.flatMap(({ endpoints }) => endpoints.map((one) => [one.id, one])));
  for (const endpoint of told.values()) await wake(deps, tx, endpoint, now);
};

/**
 * Writes what is to be sent of events of an invoice, in the transaction that appends them: one message each in every
 * format that somebody asks for it in, with the invoice as it is now, and one delivery for each endpoint that asks.
 */
export const announceInvoice = async (
  deps: Pick<Deps, 'jobs'>,
  tx: Transaction,
  { invoiceId, ...announced }: Announced & { invoiceId: number },
): Promise<void> => {
  const listening = await listeningTo(tx, announced);
  if (listening.length === 0) return;
  const subject = await tx
    .selectFrom('invoices')
    .select(['flow', 'project_id'])
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  const audience = audienceOf(listening, announced.events, subject);
  if (audience.length === 0) return;
  const invoice = await readInvoice(tx, invoiceId);
  const bodyOf: Worded['bodyOf'] = (event, format) => writeMessage(tx, { event, invoice, format });
  await enqueue(deps, tx, audience, { bodyOf, now: announced.now });
};

/** The same for events of an endpoint, which the account's other endpoints are told, but for those of a project. */
export const announceEndpoint = async (
  deps: Pick<Deps, 'jobs'>,
  tx: Transaction,
  announced: Announced,
): Promise<void> => {
  const listening = await listeningTo(tx, announced);
  const audience = audienceOf(listening, announced.events, { flow: null, project_id: null });
  if (audience.length === 0) return;
  const bodyOf: Worded['bodyOf'] = (event) =>
    Promise.resolve(endpointMessage(toEndpointEvent(event)));
  await enqueue(deps, tx, audience, { bodyOf, now: announced.now });
};
