import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';
import { identity, isSqlite } from './identity.ts';

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();

const references =
  (target: string) =>
  (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
    column.references(target);

const standard = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
  column.notNull().defaultTo('standard');

const createProjects = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('projects')
    .addColumn('id', 'integer', identity(db))
    .addColumn('public_id', 'text', (column) => column.notNull().unique())
    .addColumn('account_id', 'integer', (column) => column.notNull().references('accounts.id'))
    .addColumn('name', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .execute();
  await db.schema.createIndex('projects_account').on('projects').column('account_id').execute();
  await db.schema
    .createTable('project_providers')
    .addColumn('project_id', 'integer', (column) => column.notNull().references('projects.id'))
    .addColumn('provider', 'text', required)
    .addColumn('ref', 'text', required)
    .addColumn('webhook_token', 'text', required)
    .addColumn('webhook_token_hash', 'text', (column) => column.notNull().unique())
    .addPrimaryKeyConstraint('project_providers_key', ['project_id', 'provider'])
    .execute();
  await db.schema
    .createIndex('project_providers_ref')
    .on('project_providers')
    .columns(['provider', 'ref'])
    .execute();
};

const alterInvoices = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .alterTable('invoices')
    .addColumn('project_id', 'integer', references('projects.id'))
    .execute();
  await db.schema.alterTable('invoices').addColumn('payload', 'text').execute();
  await db.schema.alterTable('invoices').addColumn('open_tried_at', 'bigint').execute();
  await db.schema.alterTable('invoices').addColumn('looked_at', 'bigint').execute();
  await db.schema
    .createIndex('invoices_by_flow')
    .on('invoices')
    .columns(['flow', 'account_id', 'public_id'])
    .where(sql.ref('provider_ref'), 'is not', null)
    .execute();
  await db.schema
    .createIndex('invoices_by_project')
    .on('invoices')
    .columns(['project_id', 'flow', 'public_id'])
    .where(sql.ref('project_id'), 'is not', null)
    .execute();
  await db.schema
    .createIndex('invoices_unopened')
    .on('invoices')
    .columns(['provider', 'status', 'created_at'])
    .where(sql.ref('status'), '=', sql.lit('creating'))
    .execute();
};

const alterEndpoints = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .alterTable('endpoints')
    .addColumn('project_id', 'integer', references('projects.id'))
    .execute();
  await db.schema.alterTable('endpoints').addColumn('format', 'text', standard).execute();
  await db.schema.alterTable('endpoints').addColumn('retries', 'text', standard).execute();
};

/** SQLite cannot change a primary key: https://www.sqlite.org/lang_altertable.html#otheralter */
const rebuildMessages = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('rebuilt_messages')
    .addColumn('position', 'integer', (column) => column.notNull().references('events.position'))
    .addColumn('format', 'text', required)
    .addColumn('body', 'text', required)
    .addPrimaryKeyConstraint('webhook_messages_key', ['position', 'format'])
    .execute();
  await sql`insert into rebuilt_messages (position, format, body)
    select position, 'standard', body from webhook_messages`.execute(db);
  await db.schema.dropTable('webhook_messages').execute();
  await db.schema.alterTable('rebuilt_messages').renameTo('webhook_messages').execute();
};

/** A message is what an event looks like in a format. */
const alterMessages = async (db: Kysely<unknown>): Promise<void> => {
  const key = 'webhook_messages_key';
  const table = () => db.schema.alterTable('webhook_messages');
  await table().addColumn('format', 'text', standard).execute();
  await table()
    .alterColumn('format', (column) => column.dropDefault())
    .execute();
  await table().dropConstraint('webhook_messages_pkey').execute();
  await table().addPrimaryKeyConstraint(key, ['position', 'format']).execute();
};

const createLanes = (db: Kysely<unknown>): Promise<void> =>
  db.schema
    .createTable('lanes')
    .addColumn('lane', 'text', (column) => column.primaryKey())
    .addColumn('next_at', 'bigint', required)
    .execute();

/** Shops, what they are at the providers, and what is sent to them in which form; and turns at slow providers. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await createProjects(db);
  await alterInvoices(db);
  await alterEndpoints(db);
  await (isSqlite(db) ? rebuildMessages(db) : alterMessages(db));
  await createLanes(db);
};
