import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';
import { identity } from './identity.ts';

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();

const references =
  (target: string) =>
  (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
    column.notNull().references(target);

const createIdentities = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('accounts')
    .addColumn('id', 'integer', identity(db))
    .addColumn('name', 'text', required)
    .addColumn('policy', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .execute();
  await db.schema
    .createTable('users')
    .addColumn('id', 'integer', identity(db))
    .addColumn('public_id', 'text', (column) => column.notNull().unique())
    .addColumn('account_id', 'integer', references('accounts.id'))
    .addColumn('name', 'text', required)
    .addColumn('email', 'text')
    .addColumn('created_at', 'bigint', required)
    .execute();
  await db.schema.createIndex('users_account').on('users').column('account_id').execute();
  await db.schema
    .createTable('api_keys')
    .addColumn('id', 'integer', identity(db))
    .addColumn('prefix', 'text', (column) => column.notNull().unique())
    .addColumn('hash', 'text', required)
    .addColumn('account_id', 'integer', references('accounts.id'))
    .addColumn('user_id', 'integer', references('users.id'))
    .addColumn('scopes', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('revoked_at', 'bigint')
    .execute();
  await db.schema
    .createTable('customers')
    .addColumn('user_id', 'integer', references('users.id'))
    .addColumn('provider', 'text', required)
    .addColumn('ref', 'text', required)
    .addPrimaryKeyConstraint('customers_key', ['user_id', 'provider'])
    .execute();
};

const createInvoices = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('invoices')
    .addColumn('id', 'integer', identity(db))
    .addColumn('public_id', 'text', (column) => column.notNull().unique())
    .addColumn('account_id', 'integer', references('accounts.id'))
    .addColumn('user_id', 'integer', references('users.id'))
    .addColumn('provider', 'text', required)
    .addColumn('flow', 'text', required)
    .addColumn('options', 'text', required)
    .addColumn('sandbox', 'integer', required)
    .addColumn('policy', 'text', required)
    .addColumn('status', 'text', required)
    .addColumn('exception', 'text', required)
    .addColumn('status_reason', 'text')
    .addColumn('amount', 'bigint', (column) => column.notNull().check(sql`amount > 0`))
    .addColumn('currency', 'text', required)
    .addColumn('received', 'bigint', (column) => column.notNull().check(sql`received >= 0`))
    .addColumn('refunded', 'bigint', (column) => column.notNull().check(sql`refunded >= 0`))
    .addColumn('disputed', 'text', required)
    .addColumn('ledger', 'text', required)
    .addColumn('item_type', 'text', required)
    .addColumn('item_id', 'text', required)
    .addColumn('description', 'text')
    .addColumn('expires_at', 'bigint')
    .addColumn('provider_ref', 'text')
    .addColumn('observation_id', 'integer')
    .addColumn('event_count', 'integer', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .addColumn('version', 'integer', required)
    .addUniqueConstraint('invoices_provider_ref', ['provider', 'provider_ref'])
    .execute();
};

const createHistory = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('observations')
    .addColumn('id', 'integer', identity(db))
    .addColumn('provider', 'text', required)
    .addColumn('evidence_id', 'text', required)
    .addColumn('ref', 'text')
    .addColumn('invoice_id', 'integer', (column) => column.references('invoices.id'))
    .addColumn('source', 'text', required)
    .addColumn('facts', 'text', required)
    .addColumn('provider_data', 'text')
    .addColumn('raw', 'text')
    .addColumn('occurred_at', 'bigint', required)
    .addColumn('received_at', 'bigint', required)
    .addColumn('claimed_at', 'bigint')
    .addUniqueConstraint('observations_evidence', ['provider', 'evidence_id'])
    .execute();
  await db.schema
    .createIndex('observations_invoice')
    .on('observations')
    .column('invoice_id')
    .execute();
  await db.schema
    .createIndex('observations_unclaimed')
    .on('observations')
    .columns(['provider', 'ref'])
    .where(sql.ref('invoice_id'), 'is', null)
    .execute();
  await db.schema
    .createTable('events')
    .addColumn('position', 'integer', identity(db))
    .addColumn('account_id', 'integer', references('accounts.id'))
    .addColumn('invoice_id', 'integer', references('invoices.id'))
    .addColumn('invoice_public_id', 'text', required)
    .addColumn('seq', 'integer', required)
    .addColumn('type', 'text', required)
    .addColumn('status', 'text', required)
    .addColumn('rule', 'text', required)
    .addColumn('observation_id', 'integer')
    .addColumn('act_id', 'integer')
    .addColumn('occurred_at', 'bigint', required)
    .addUniqueConstraint('events_seq', ['invoice_id', 'seq'])
    .execute();
  await db.schema
    .createIndex('events_account')
    .on('events')
    .columns(['account_id', 'position'])
    .execute();
  await db.schema
    .createTable('acts')
    .addColumn('id', 'integer', identity(db))
    .addColumn('account_id', 'integer', references('accounts.id'))
    .addColumn('invoice_id', 'integer', references('invoices.id'))
    .addColumn('kind', 'text', required)
    .addColumn('key', 'text', (column) => column.notNull().unique())
    .addColumn('amount', 'bigint')
    .addColumn('reason', 'text')
    .addColumn('state', 'text', required)
    .addColumn('provider_ref', 'text')
    .addColumn('message', 'text')
    .addColumn('made_at', 'bigint', required)
    .addColumn('settled_at', 'bigint')
    .execute();
  await db.schema.createIndex('acts_invoice').on('acts').column('invoice_id').execute();
  await db.schema
    .createTable('idempotency_records')
    .addColumn('user_id', 'integer', references('users.id'))
    .addColumn('key', 'text', required)
    .addColumn('request_hash', 'text', required)
    .addColumn('subject', 'text', required)
    .addColumn('outcome', 'text')
    .addColumn('created_at', 'bigint', required)
    .addPrimaryKeyConstraint('idempotency_records_key', ['user_id', 'key'])
    .execute();
  await db.schema
    .createIndex('idempotency_records_subject')
    .on('idempotency_records')
    .column('subject')
    .execute();
};

export const up = async (db: Kysely<unknown>): Promise<void> => {
  await createIdentities(db);
  await createInvoices(db);
  await createHistory(db);
};
