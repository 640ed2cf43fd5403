import type { Invoice } from '@quittance/contracts';
import type { Kysely } from 'kysely';
import type { Schema } from '../store/schema.ts';
import type { EventRow } from './event-rows.ts';
import { type History, newestObject, readHistory, type StoredEvidence } from './history.ts';
import { readBeside, termsOfRow, toInvoice } from './invoice-rows.ts';
import { standingOf } from './standing.ts';

type InvoiceEventRow = EventRow & { invoice_id: number };

type Past = Pick<EventRow, 'position' | 'observation_id' | 'act_id' | 'occurred_at'>;

/** Whether something that events tell of was there at an event; undefined where none tells of it. */
const isTold = (
  events: readonly Past[],
  { position }: InvoiceEventRow,
  tellsOf: (event: Past) => boolean,
): boolean | undefined => {
  const first = events.find(tellsOf);
  return first && first.position <= position;
};

const observationIdsOf = (events: readonly Past[]): number[] =>
  events.flatMap(({ observation_id: id }) => id ?? []);

/** Whether evidence that was its invoice's when it came had come by an event. */
const hasCome = (
  events: readonly Past[],
  event: InvoiceEventRow,
): ((evidence: StoredEvidence) => boolean) => {
  const { observation_id: cause } = event;
  if (cause !== null) return ({ id }) => id <= cause;
  const last = Math.max(
    ...observationIdsOf(events.filter(({ position }) => position <= event.position)),
  );
  const next = Math.min(
    ...observationIdsOf(events.filter(({ position }) => position > event.position)),
  );
  return ({ id, receivedAt }) => id <= last || (id < next && receivedAt <= event.occurred_at);
};

/**
 * What was known when an event was appended: what its cause came after. That is told by the order of ids and of events,
 * since the clock may have been set back; by time only what no event tells of.
 */
const historyAt = async (
  db: Kysely<Schema>,
  invoice: { id: number; expires_at: number | null },
  event: InvoiceEventRow,
): Promise<History> => {
  // An invoice begins without evidence.
  if (event.seq === 1) return { evidence: [], closings: [] };
  const events = await db
    .selectFrom('events')
    .select(['position', 'observation_id', 'act_id', 'occurred_at'])
    .where('invoice_id', '=', invoice.id)
    .where('seq', '>', 1)
    .orderBy('position')
    .execute();
  const isByThen = (at: number): boolean => at <= event.occurred_at;
  const isPrompt = hasCome(events, event);
  const { evidence, closings } = await readHistory(db, invoice);
  return {
    evidence: evidence.filter((one) =>
      one.claimedAt === one.receivedAt
        ? isPrompt(one)
        : (isTold(events, event, ({ occurred_at: at }) => at === one.claimedAt) ??
          isByThen(one.claimedAt)),
    ),
    closings: closings.filter(
      ({ actId, madeAt }) =>
        isTold(events, event, ({ act_id: id }) => id === actId) ?? isByThen(madeAt),
    ),
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
    await readBeside(db, row, shown?.id ?? null),
    standingOf(termsOfRow(row), history.evidence, history.closings),
  );
};
