import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';
import { identity, isSqlite } from './identity.ts';
import { type Ledgers, settleLedgers } from './0004-settled-ledgers.ts';

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();

const references =
  (target: string) =>
  (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
    column.notNull().references(target);

const kept = (
  'id public_id account_id user_id provider flow options sandbox policy status exception status_reason amount ' +
  'currency received refunded disputed ledger item_type item_id description expires_at provider_ref observation_id ' +
  'event_count created_at updated_at version'
).split(' ');

const lists = {
  invoices_by_time: ['public_id', 'amount'],
  invoices_by_status: ['status', 'public_id'],
  invoices_by_provider: ['provider', 'public_id'],
  invoices_by_user: ['user_id', 'public_id'],
  invoices_by_item: ['item_type', 'item_id', 'public_id'],
  invoices_by_amount: ['amount', 'public_id'],
} as const;

/** Numbers that were given out once stay so, also those of rows that are gone. */
const keepCounting = async (db: Kysely<Ledgers>): Promise<void> => {
  await sql`delete from sqlite_sequence where name = 'rebuilt_invoices'`.execute(db);
  await sql`insert into sqlite_sequence (name, seq)
    select 'rebuilt_invoices', seq from sqlite_sequence where name = 'invoices'`.execute(db);
};

/** SQLite can take back neither a check nor a `not null`: https://www.sqlite.org/lang_altertable.html#otheralter */
const rebuildInvoices = async (db: Kysely<Ledgers>): Promise<void> => {
  await db.schema
    .createTable('rebuilt_invoices')
    .addColumn('id', 'integer', identity(db))
    .addColumn('public_id', 'text', (column) => column.notNull().unique())
    .addColumn('account_id', 'integer', references('accounts.id'))
    .addColumn('user_id', 'integer', references('users.id'))
    .addColumn('provider', 'text', required)
    .addColumn('flow', 'text', required)
    .addColumn('options', 'text')
    .addColumn('sandbox', 'integer', required)
    .addColumn('policy', 'text', required)
    .addColumn('status', 'text', required)
    .addColumn('exception', 'text', required)
    .addColumn('status_reason', 'text')
    .addColumn('asked_amount', 'bigint', (column) => column.notNull().check(sql`asked_amount >= 0`))
    .addColumn('amount', 'bigint', (column) => column.notNull().check(sql`amount >= 0`))
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
  const columns = sql.join(kept.map((column) => sql.ref(column)));
  await sql`insert into rebuilt_invoices (${columns}, asked_amount) select ${columns}, amount from invoices`.execute(
    db,
  );
  await keepCounting(db);
  await db.schema.dropTable('invoices').execute();
  await db.schema.alterTable('rebuilt_invoices').renameTo('invoices').execute();
  for (const [name, listed] of Object.entries(lists)) {
    await db.schema
      .createIndex(name)
      .on('invoices')
      .columns(['account_id', ...listed])
      .execute();
  }
};

const alterInvoices = async (db: Kysely<Ledgers>): Promise<void> => {
  const table = db.schema.alterTable('invoices');
  await table.dropConstraint('invoices_amount_check').execute();
  await table.addCheckConstraint('invoices_amount_check', sql`amount >= 0`).execute();
  await table.alterColumn('options', (column) => column.dropNotNull()).execute();
  await table.addColumn('asked_amount', 'bigint').execute();
  await sql`update invoices set asked_amount = amount`.execute(db);
  await table.alterColumn('asked_amount', (column) => column.setNotNull()).execute();
  await table.addCheckConstraint('invoices_asked_amount_check', sql`asked_amount >= 0`).execute();
};

/** A primary key cannot be changed either. */
const rebuildCustomers = async (db: Kysely<Ledgers>): Promise<void> => {
  await db.schema
    .createTable('rebuilt_customers')
    .addColumn('user_id', 'integer', references('users.id'))
    .addColumn('provider', 'text', required)
    .addColumn('ref', 'text', required)
    .addColumn('in_use', 'integer', required)
    .addPrimaryKeyConstraint('customers_key', ['provider', 'ref'])
    .execute();
  await sql`insert into rebuilt_customers (user_id, provider, ref, in_use)
    select user_id, provider, ref, 1 from customers`.execute(db);
  await db.schema.dropTable('customers').execute();
  await db.schema.alterTable('rebuilt_customers').renameTo('customers').execute();
};

const alterCustomers = async (db: Kysely<Ledgers>): Promise<void> => {
  const table = db.schema.alterTable('customers');
  await table.dropConstraint('customers_key').execute();
  await table.addPrimaryKeyConstraint('customers_key', ['provider', 'ref']).execute();
  await table.addColumn('in_use', 'integer', (column) => column.notNull().defaultTo(1)).execute();
  await table.alterColumn('in_use', (column) => column.dropDefault()).execute();
};

/** What providers make themselves: invoices of theirs, whose amount can change, under several ids. */
export const up = async (db: Kysely<Ledgers>): Promise<void> => {
  await (isSqlite(db) ? rebuildInvoices(db) : alterInvoices(db));
  await settleLedgers(db);
  for (const [name, columns] of [
    // The status rides along so that several statuses are walked by time without a look at the rows.
    ['invoices_everywhere', ['flow', 'public_id', 'status']],
    ['invoices_everywhere_by_status', ['flow', 'status', 'public_id']],
    ['invoices_everywhere_by_user', ['flow', 'user_id', 'public_id', 'status']],
  ] as const) {
    await db.schema
      .createIndex(name)
      .on('invoices')
      .columns([...columns])
      .where(sql.ref('provider_ref'), 'is not', null)
      .execute();
  }
  await db.schema
    .createTable('invoice_refs')
    .addColumn('provider', 'text', required)
    .addColumn('ref', 'text', required)
    .addColumn('invoice_id', 'integer', references('invoices.id'))
    .addPrimaryKeyConstraint('invoice_refs_key', ['provider', 'ref'])
    .execute();
  await db.schema
    .createIndex('invoice_refs_invoice')
    .on('invoice_refs')
    .column('invoice_id')
    .execute();
  for (const column of ['aliases', 'foreign_invoice', 'customer_ref']) {
    await db.schema.alterTable('observations').addColumn(column, 'text').execute();
  }
  await db.schema
    .createIndex('observations_foreign')
    .on('observations')
    .columns(['provider', 'customer_ref'])
    .where(sql.ref('invoice_id'), 'is', null)
    .execute();
  await sql`update observations set source = 'act' where source = 'cancel'`.execute(db);
  await db.schema.alterTable('acts').addColumn('detail', 'text').execute();
  await (isSqlite(db) ? rebuildCustomers(db) : alterCustomers(db));
  await db.schema
    .createIndex('customers_user')
    .on('customers')
    .columns(['user_id', 'provider'])
    .execute();
};
