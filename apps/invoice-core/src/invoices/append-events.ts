import type { InvoiceStatus } from '@quittance/contracts';
import type { Transaction } from '../store/store.ts';
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

/** Appends events to an invoice, numbered on from its last. @returns the invoice's new event count */
export const appendEvents = async (
  tx: Transaction,
  invoice: Pick<InvoiceRow, 'id' | 'public_id' | 'account_id' | 'event_count'>,
  { transitions, status, cause, now }: Appended,
): Promise<number> => {
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
  if (rows.length > 0) await tx.insertInto('events').values(rows).execute();
  return invoice.event_count + rows.length;
};
