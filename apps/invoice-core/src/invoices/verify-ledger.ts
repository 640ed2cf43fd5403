import type { Kysely } from 'kysely';
import { checkEndpoints } from '../endpoints/check-endpoints.ts';
import type { Schema } from '../store/schema.ts';
import { newestObject, readHistory } from './history.ts';
import { type InvoiceRow, standingColumns, termsOfRow } from './invoice-rows.ts';
import { standingOf } from './standing.ts';

const batchSize = 500;

/** What is stored of an invoice or a webhook endpoint and does not follow from its history. */
export type Discrepancy = ({ invoiceId: number } | { endpointId: number }) & {
  field: string;
  stored: unknown;
  expected: unknown;
};

export interface LedgerReport {
  invoices: number;
  events: number;
  discrepancies: Discrepancy[];
}

type Difference = [field: string, stored: unknown, expected: unknown];

const differences = ({ id }: InvoiceRow, fields: readonly Difference[]): Discrepancy[] =>
  fields
    .filter(([, stored, expected]) => stored !== expected)
    .map(([field, stored, expected]) => ({ invoiceId: id, field, stored, expected }));

const checkStanding = async (db: Kysely<Schema>, row: InvoiceRow): Promise<Discrepancy[]> => {
  const history = await readHistory(db, row);
  const standing = standingOf(termsOfRow(row), history.evidence, history.closings);
  const expected = {
    ...standingColumns(standing),
    expires_at: standing.endsAt ?? row.expires_at,
    observation_id: newestObject(history)?.id ?? null,
  };
  const stored: Record<string, unknown> = { ...row };
  return differences(
    row,
    Object.entries(expected).map(([field, value]) => [field, stored[field], value]),
  );
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
  return differences(row, [
    ['events.seq', seqs, expected],
    ['events.status', events.at(-1)?.status, row.status],
  ]);
};

/** An invoice's evidence is all that there is under its provider's ids, and under no other. */
const checkClaims = async (db: Kysely<Schema>, row: InvoiceRow): Promise<Discrepancy[]> => {
  const claimed = await db
    .selectFrom('observations')
    .select('ref')
    .distinct()
    .where('invoice_id', '=', row.id)
    .where('ref', 'is not', null)
    .execute();
  const aliases = await db
    .selectFrom('invoice_refs')
    .select('ref')
    .where('invoice_id', '=', row.id)
    .execute();
  const known = new Set([row.provider_ref, ...aliases.map(({ ref }) => ref)]);
  const unclaimed = await db
    .selectFrom('observations')
    .select('id')
    .where('provider', '=', row.provider)
    .where('ref', 'in', [...known])
    .where('invoice_id', 'is', null)
    .execute();
  const isOpened = claimed.some(({ ref }) => ref === row.provider_ref);
  const strange = claimed.filter(({ ref }) => !known.has(ref)).map(({ ref }) => ref);
  return differences(row, [
    ['provider_ref', isOpened ? row.provider_ref : null, row.provider_ref],
    ['observations.ref', strange.join(','), ''],
    ['observations.unclaimed', unclaimed.length, 0],
  ]);
};

/** What is not known yet has somebody who finds it out. */
const checkJobs = async (db: Kysely<Schema>, row: InvoiceRow): Promise<Discrepancy[]> => {
  const count = async (kind: string, key: number): Promise<number> => {
    const jobs = await db
      .selectFrom('jobs')
      .select('key')
      .where('kind', '=', kind)
      .where('key', '=', String(key))
      .execute();
    return jobs.length;
  };
  const pending = await db
    .selectFrom('acts')
    .select('id')
    .where('invoice_id', '=', row.id)
    .where('state', '=', 'pending')
    .execute();
  const isUnopened = row.provider_ref === null && row.status !== 'failed';
  const open: Difference[] = isUnopened ? [['jobs.open', await count('open', row.id), 1]] : [];
  const acts = await Promise.all(
    pending.map(async ({ id }): Promise<Difference> => ['jobs.act', await count('act', id), 1]),
  );
  return differences(row, [...open, ...acts]);
};

/**
 * Builds every invoice anew from its evidence and our acts, and says where what is stored differs; and whether somebody
 * sends what is to be sent. Reads are one by one: beside a hub that is at work, what changes between two of them may show as a difference that is none.
 */
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
      for (const check of [checkStanding, checkEvents, checkClaims, checkJobs]) {
        report.discrepancies.push(...(await check(db, row)));
      }
    }
    const end = rows.at(-1);
    if (!end) break;
    last = end.id;
  }
  report.discrepancies.push(...(await checkEndpoints(db)));
  return report;
};
