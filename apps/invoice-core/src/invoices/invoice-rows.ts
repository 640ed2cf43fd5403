import { Invoice } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Kysely, Selectable } from 'kysely';
import type { Schema } from '../store/schema.ts';

export type InvoiceRow = Selectable<Schema['invoices']>;

const selectInvoices = (db: Kysely<Schema>) =>
  db
    .selectFrom('invoices')
    .leftJoin('observations', 'observations.id', 'invoices.observation_id')
    .selectAll('invoices')
    .select('observations.provider_data');

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

export const readInvoice = async (db: Kysely<Schema>, id: number): Promise<Invoice> =>
  toInvoice(await selectInvoices(db).where('invoices.id', '=', id).executeTakeFirstOrThrow());

/** @throws DomainError `not_found` for no invoice and for another account's alike */
export const readInvoiceOfAccount = async (
  db: Kysely<Schema>,
  { id, accountId }: { id: number; accountId: number },
): Promise<Invoice> => {
  const row = await selectInvoices(db)
    .where('invoices.id', '=', id)
    .where('invoices.account_id', '=', accountId)
    .executeTakeFirst();
  if (!row) throw new DomainError('not_found', `No invoice ${id}`);
  return toInvoice(row);
};
