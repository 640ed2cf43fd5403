import { Invoice } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Kysely, Selectable } from 'kysely';
import type { Schema } from '../store/schema.ts';

export type InvoiceRow = Selectable<Schema['invoices']>;

const toInvoice = (row: InvoiceRow & { provider_data: string | null }): Invoice =>
  Invoice.parse({
    id: row.id,
    publicId: row.public_id,
    accountId: row.account_id,
    userId: row.user_id,
    provider: row.provider,
    flow: row.flow,
    status: row.status,
    exception: row.exception,
    statusReason: row.status_reason,
    amount: row.amount,
    currency: row.currency,
    received: row.received,
    refunded: row.refunded,
    item: { type: row.item_type, id: row.item_id },
    description: row.description,
    providerRef: row.provider_ref,
    providerData: row.provider_data,
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
  });

/** The row and its provider's object, one after the other: see `readOpenInput` on joins. */
const withProviderData = async (db: Kysely<Schema>, row: InvoiceRow): Promise<Invoice> => {
  if (row.observation_id === null) return toInvoice({ ...row, provider_data: null });
  const { provider_data } = await db
    .selectFrom('observations')
    .select('provider_data')
    .where('id', '=', row.observation_id)
    .executeTakeFirstOrThrow();
  return toInvoice({ ...row, provider_data });
};

const findRow = (db: Kysely<Schema>, id: number): Promise<InvoiceRow | undefined> =>
  db.selectFrom('invoices').selectAll().where('id', '=', id).executeTakeFirst();

/** @throws DomainError `not_found` */
export const readInvoice = async (db: Kysely<Schema>, id: number): Promise<Invoice> => {
  const row = await findRow(db, id);
  if (!row) throw new DomainError('not_found', `No invoice ${id}`);
  return withProviderData(db, row);
};

/** @throws DomainError `not_found` for no invoice and for another account's alike */
export const readInvoiceOfAccount = async (
  db: Kysely<Schema>,
  { id, accountId }: { id: number; accountId: number },
): Promise<Invoice> => {
  const row = await findRow(db, id);
  if (row?.account_id !== accountId) throw new DomainError('not_found', `No invoice ${id}`);
  return withProviderData(db, row);
};
