import type { Kysely } from 'kysely';
import type { Schema } from '../store/schema.ts';
import { type InvoiceRow } from './invoice-rows.ts';
import { padded } from './list-padded.ts';

/** The provider's object of each of some invoices. */
export const readProviderObjects = async (
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
