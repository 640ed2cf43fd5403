import {
  Dispute,
  Invoice,
  type InvoiceId,
  MinorUnits,
  Payment,
  PaymentPolicy,
  ProgressState,
  Refund,
} from '@quittance/contracts';
import { DomainError, parseJson } from '@quittance/rpc';
import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { readProjectIds } from '../projects/project-of-invoice.ts';
import type { Schema } from '../store/schema.ts';
import type { Standing, Terms } from './standing.ts';

export type InvoiceRow = Selectable<Schema['invoices']>;

const Ledger = z.object({
  accepted: MinorUnits,
  settled: z.boolean(),
  progress: ProgressState.nullable(),
  endsAt: z.int().nullable().default(null),
  payments: z.array(Payment),
  refunds: z.array(Refund),
  disputes: z.array(Dispute),
});

const StoredStanding = Invoice.pick({
  amount: true,
  status: true,
  exception: true,
  statusReason: true,
  received: true,
  refunded: true,
  disputed: true,
});

export const termsOfRow = ({
  asked_amount: amount,
  currency,
  policy,
}: Pick<InvoiceRow, 'asked_amount' | 'currency' | 'policy'>): Terms => ({
  owed: { amount, currency },
  policy: PaymentPolicy.parse(parseJson(policy)),
});

export const standingOfRow = (row: InvoiceRow): Standing => ({
  ...StoredStanding.parse({ ...row, statusReason: row.status_reason }),
  ...Ledger.parse(parseJson(row.ledger)),
});

/** As it is stored: without what most payments have none of. */
const storedPayment = ({ crypto, ...payment }: Payment) =>
  crypto === null ? payment : { ...payment, crypto };

export const standingColumns = ({
  amount,
  status,
  exception,
  statusReason,
  received,
  refunded,
  disputed,
  accepted,
  settled,
  progress,
  endsAt,
  payments,
  refunds,
  disputes,
}: Standing) => ({
  amount,
  status,
  exception,
  status_reason: statusReason,
  received,
  refunded,
  disputed,
  ledger: JSON.stringify({
    accepted,
    settled,
    progress,
    ...(endsAt !== null && { endsAt }),
    payments: payments.map(storedPayment),
    refunds,
    disputes,
  }),
});

const isoOrNull = (time: number | null): string | null =>
  time === null ? null : new Date(time).toISOString();

/** What an invoice has in other tables. */
export interface Beside {
  providerData: string | null;
  /** The public id of its project. */
  projectId: string | null;
}

/** The invoice that a row is, standing as it is stored; or as it stood at another time, where that is given. */
export const toInvoice = (
  row: InvoiceRow,
  { providerData, projectId }: Beside,
  past?: Standing,
): Invoice => {
  const stored = standingOfRow(row);
  const standing = past ?? stored;
  // Until the provider said when it ends, it was to end when it was made to.
  const expiresAt = standing.endsAt ?? (stored.endsAt === null ? row.expires_at : null);
  return Invoice.parse({
    ...standing,
    id: row.id,
    publicId: row.public_id,
    accountId: row.account_id,
    userId: row.user_id,
    projectId,
    provider: row.provider,
    flow: row.flow,
    currency: row.currency,
    remaining: Math.max(0, standing.amount - standing.received),
    overpaid: Math.max(0, standing.received - standing.amount),
    net: standing.received - standing.refunded,
    item: { type: row.item_type, id: row.item_id },
    description: row.description,
    payload: row.payload,
    expiresAt: isoOrNull(expiresAt),
    providerRef: row.provider_ref,
    providerData,
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
  });
};

/** The provider's object in an observation. On joins see `readOpenInput`. */
export const readProviderData = async (
  db: Kysely<Schema>,
  observationId: number | null,
): Promise<string | null> => {
  if (observationId === null) return null;
  const { provider_data } = await db
    .selectFrom('observations')
    .select('provider_data')
    .where('id', '=', observationId)
    .executeTakeFirstOrThrow();
  return provider_data;
};

/** What an invoice has in other tables, with the provider's object that an observation shows. */
export const readBeside = async (
  db: Kysely<Schema>,
  row: Pick<InvoiceRow, 'project_id'>,
  observationId: number | null,
): Promise<Beside> => ({
  providerData: await readProviderData(db, observationId),
  projectId: (await readProjectIds(db, [row]))(row),
});

/** @throws DomainError `not_found` for no invoice and for another account's alike */
export const readRowOfAccount = async (
  db: Kysely<Schema>,
  { id, accountId }: { id: InvoiceId; accountId: number },
): Promise<InvoiceRow> => {
  const invoices = db.selectFrom('invoices').selectAll();
  const found =
    typeof id === 'number' ? invoices.where('id', '=', id) : invoices.where('public_id', '=', id);
  const row = await found.executeTakeFirst();
  if (row?.account_id !== accountId) throw new DomainError('not_found', `No invoice ${id}`);
  return row;
};

export const readInvoice = async (db: Kysely<Schema>, id: number): Promise<Invoice> => {
  const row = await db
    .selectFrom('invoices')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return toInvoice(row, await readBeside(db, row, row.observation_id));
};
