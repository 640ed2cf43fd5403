import type { Invoice } from '@quittance/contracts';
import type { Kysely } from 'kysely';
import { readProjectIds } from '../projects/project-of-invoice.ts';
import type { Schema } from '../store/schema.ts';
import { type InvoiceRow, toInvoice } from './invoice-rows.ts';
import { padded } from './list-padded.ts';

/** The provider's object of each of some invoices. */
const readProviderObjects = async (
  db: Kysely<Schema>,
  rows: readonly InvoiceRow[],
): Promise<(row: InvoiceRow) => string | null> => {
  const ids = rows.flatMap((row) => row.observation_id ?? []);
  const objects =
    ids.length === 0
      ? []
      : await db
          .selectFrom('observations')
          .select(['id', 'provider_data'])
          .where('id', 'in', padded(ids))
          .execute();
  const byId = new Map(objects.map((object) => [object.id, object.provider_data]));
  return ({ observation_id: id }) => (id === null ? null : (byId.get(id) ?? null));
};

/** The invoices that rows are, in their order: what they have in other tables is read for all of them at once. */
export const toInvoices = async (
  db: Kysely<Schema>,
  rows: readonly InvoiceRow[],
): Promise<Invoice[]> => {
  const providerData = await readProviderObjects(db, rows);
  const projectId = await readProjectIds(db, rows);
  return rows.map((row) =>
    toInvoice(row, { providerData: providerData(row), projectId: projectId(row) }),
  );
};
