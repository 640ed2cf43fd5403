import type { InvoiceStatus } from '@quittance/contracts';
import type { Transaction } from '../store/store.ts';
import type { EventRow } from './event-rows.ts';
import type { InvoiceRow } from './invoice-rows.ts';
import type { Transition } from './transitions.ts';

/** What brought a change about: a piece of evidence, an act of ours, or nothing but the request itself. */
export interface Cause {
  observationId?: number | undefined;
  actId?: number | undefined;
}

interface Appended {
  transitions: readonly Transition[];
  status: InvoiceStatus;
  cause: Cause;
  now: number;
}

/** Appends events to an invoice, numbered on from its last. @returns them, in that order */
export const appendEvents = async (
  tx: Transaction,
  invoice: Pick<InvoiceRow, 'id' | 'public_id' | 'account_id' | 'event_count'>,
  { transitions, status, cause, now }: Appended,
): Promise<EventRow[]> => {
  if (transitions.length === 0) return [];
  const rows = transitions.map(({ type, rule }, index) => ({
    account_id: invoice.account_id,
    invoice_id: invoice.id,
    invoice_public_id: invoice.public_id,
    seq: invoice.event_count + index + 1,
    type,
    status,
    rule,
    observation_id: cause.observationId ?? null,
    act_id: cause.actId ?? null,
    occurred_at: now,
  }));
  const events = await tx.insertInto('events').values(rows).returningAll().execute();
  return events.toSorted((a, b) => a.position - b.position);
};
