import type { Invoice, ListFlow } from '@quittance/contracts';
import { type Kysely, sql, type SqlBool } from 'kysely';
import type { Deps } from '../deps.ts';
import type { Schema } from '../store/schema.ts';
import { providerOfFlow } from './flow-providers.ts';
import type { InvoiceRow } from './invoice-rows.ts';
import { createdWithin, type Range } from './list-range.ts';
import { invoiceOfRef } from './observations.ts';
import { toInvoices } from './read-invoices.ts';

/** What is looked for, in our own numbers. */
interface Wanted {
  flow: ListFlow['flow'];
  accountId: number;
  /** Null for all of the account's. */
  projectId: number | null;
  statuses: ListFlow['filter']['statuses'];
  range: Range;
}

/** Those that their provider has, of any of the statuses: behind a function, so that no index on statuses fits. */
const candidates = (db: Kysely<Schema>, { statuses = [] }: Wanted) => {
  const opened = db.selectFrom('invoices').selectAll().where('provider_ref', 'is not', null);
  return statuses.length === 0
    ? opened
    : opened.where((eb) => eb(eb.fn.coalesce('status', sql.lit('')), 'in', statuses));
};

/**
 * Walks an account's invoices of a flow, or a project's, newest first. Compared and ordered by whole keys, rather than
 * by public id among equals, they are in the order of the index made for it, whatever a planner's statistics say.
 */
const walk = (db: Kysely<Schema>, wanted: Wanted) => {
  const { flow, accountId, projectId, range } = wanted;
  const same =
    projectId === null
      ? ([
          ['flow', flow],
          ['account_id', accountId],
        ] as const)
      : ([
          ['project_id', projectId],
          ['flow', flow],
        ] as const);
  const columns = [...same.map(([column]) => sql.ref(column)), sql.ref('public_id')];
  const key = sql.join(columns);
  const keyAt = (id: string) => sql.join([...same.map(([, value]) => value), id]);
  const all = candidates(db, wanted);
  const walked = projectId === null ? all : all.where('project_id', 'is not', null);
  return walked
    .where(sql<SqlBool>`(${key}) >= (${keyAt(range.from)})`)
    .where(sql<SqlBool>`(${key}) < (${keyAt(range.below)})`)
    .orderBy(sql.join(columns.map((column) => sql`${column} desc`)));
};

/** The one invoice that has all of these ids at its provider, if there is one. */
const findByRefs = async (
  db: Kysely<Schema>,
  wanted: Wanted,
  refs: readonly string[],
): Promise<InvoiceRow[]> => {
  const { flow, accountId, projectId, range } = wanted;
  const provider = providerOfFlow(flow);
  const found = new Set<number | null>();
  for (const ref of refs) found.add(await invoiceOfRef(db, { provider, ref }));
  const [id = null, ...others] = found;
  if (id === null || others.length > 0) return [];
  const rows = await candidates(db, wanted).where('id', '=', id).execute();
  return rows.filter(
    (row) =>
      row.account_id === accountId &&
      row.flow === flow &&
      (projectId === null || row.project_id === projectId) &&
      row.public_id >= range.from &&
      row.public_id < range.below,
  );
};

/** A part of an account's invoices of a flow that their provider has, newest first. Of another's project there are none. */
export const listFlow = async (
  { store: { read } }: Pick<Deps, 'store'>,
  { caller: { accountId }, flow, filter, offset, limit }: ListFlow,
): Promise<Invoice[]> => {
  const { statuses, refs = [], projectId } = filter;
  const project =
    projectId === undefined
      ? undefined
      : await read
          .selectFrom('projects')
          .select(['id', 'account_id'])
          .where('public_id', '=', projectId)
          .executeTakeFirst();
  if (projectId !== undefined && project?.account_id !== accountId) return [];
  const range = createdWithin(filter);
  const wanted = { flow, accountId, projectId: project?.id ?? null, statuses, range };
  const rows =
    refs.length === 0
      ? await walk(read, wanted).limit(limit).offset(offset).execute()
      : (await findByRefs(read, wanted, refs)).slice(offset, offset + limit);
  return toInvoices(read, rows);
};
