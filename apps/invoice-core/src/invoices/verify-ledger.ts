import type { Kysely } from 'kysely';
import type { Schema } from '../store/schema.ts';
import { newestObject, readHistory } from './history.ts';
import { type InvoiceRow, standingColumns, termsOfRow } from './invoice-rows.ts';
import { standingOf } from './standing.ts';

const batchSize = 500;

/** What is stored of an invoice and does not follow from its history. */
export interface Discrepancy {
  invoiceId: number;
  field: string;
  stored: unknown;
  expected: unknown;
}

export interface LedgerReport {
  invoices: number;
  events: number;
  discrepancies: Discrepancy[];
}

const checkStanding = async (db: Kysely<Schema>, row: InvoiceRow): Promise<Discrepancy[]> => {
  const history = await readHistory(db, row);
  const expected = {
    ...standingColumns(standingOf(termsOfRow(row), history.evidence, history.closings)),
    observation_id: newestObject(history)?.id ?? null,
  };
  const stored: Record<string, unknown> = { ...row };
  return Object.entries(expected)
    .filter(([field, value]) => stored[field] !== value)
    .map(([field, value]) => ({
      invoiceId: row.id,
      field,
      stored: stored[field],
      expected: value,
    }));
};

const checkEvents = async (db: Kysely<Schema>, row: InvoiceRow): Promise<Discrepancy[]> => {
  const events = await db
    .selectFrom('events')
    .select(['seq', 'status'])
    .where('invoice_id', '=', row.id)
    .orderBy('seq')
    .execute();
  const seqs = events.map(({ seq }) => seq).join(',');
  const expected = Array.from({ length: row.event_count }, (_, index) => index + 1).join(',');
  return seqs === expected
    ? []
    : [{ invoiceId: row.id, field: 'events.seq', stored: seqs, expected }];
};

/** Builds every invoice anew from its evidence and our acts, and says where what is stored differs. */
export const verifyLedger = async (db: Kysely<Schema>): Promise<LedgerReport> => {
  const report: LedgerReport = { invoices: 0, events: 0, discrepancies: [] };
  let last = 0;
  for (;;) {
    const rows = await db
      .selectFrom('invoices')
      .selectAll()
      .where('id', '>', last)
      .orderBy('id')
      .limit(batchSize)
      .execute();
    for (const row of rows) {
      report.invoices += 1;
      report.events += row.event_count;
      report.discrepancies.push(...(await checkStanding(db, row)), ...(await checkEvents(db, row)));
    }
    const end = rows.at(-1);
    if (!end) return report;
    last = end.id;
  }
};
