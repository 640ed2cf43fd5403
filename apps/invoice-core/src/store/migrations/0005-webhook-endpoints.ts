import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';
import { identity, isSqlite } from './identity.ts';

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();

const references =
  (target: string) =>
  (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
    column.notNull().references(target);

/** What only an invoice's event has. */
const ofInvoices = ['invoice_id', 'invoice_public_id', 'seq', 'status'] as const;

const kept = [
  ...ofInvoices,
  'position',
  'account_id',
  'type',
  'rule',
  'observation_id',
  'act_id',
  'occurred_at',
];

/** SQLite cannot take back a `not null`: https://www.sqlite.org/lang_altertable.html#otheralter */
const rebuildEvents = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('rebuilt_events')
    .addColumn('position', 'integer', identity(db))
    .addColumn('account_id', 'integer', references('accounts.id'))
    .addColumn('invoice_id', 'integer', (column) => column.references('invoices.id'))
    .addColumn('invoice_public_id', 'text')
    .addColumn('seq', 'integer')
    .addColumn('type', 'text', required)
    .addColumn('status', 'text')
    .addColumn('rule', 'text', required)
    .addColumn('data', 'text')
    .addColumn('observation_id', 'integer')
    .addColumn('act_id', 'integer')
    .addColumn('occurred_at', 'bigint', required)
    .addUniqueConstraint('events_seq', ['invoice_id', 'seq'])
    .execute();
  const columns = sql.join(kept.map((column) => sql.ref(column)));
  await sql`insert into rebuilt_events (${columns}) select ${columns} from events`.execute(db);
  await sql`delete from sqlite_sequence where name = 'rebuilt_events'`.execute(db);
  await sql`insert into sqlite_sequence (name, seq)
    select 'rebuilt_events', seq from sqlite_sequence where name = 'events'`.execute(db);
  await db.schema.dropTable('events').execute();
  await db.schema.alterTable('rebuilt_events').renameTo('events').execute();
  await db.schema
    .createIndex('events_account')
    .on('events')
    .columns(['account_id', 'position'])
    .execute();
};

const alterEvents = async (db: Kysely<unknown>): Promise<void> => {
  const table = db.schema.alterTable('events');
  for (const column of ofInvoices) {
    await table.alterColumn(column, (change) => change.dropNotNull()).execute();
  }
  await table.addColumn('data', 'text').execute();
};

const createEndpoints = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('endpoints')
    .addColumn('id', 'integer', identity(db))
    .addColumn('public_id', 'text', (column) => column.notNull().unique())
    .addColumn('account_id', 'integer', references('accounts.id'))
    .addColumn('url', 'text', required)
    .addColumn('description', 'text')
    .addColumn('event_types', 'text')
    .addColumn('headers', 'text', required)
    .addColumn('header_names', 'text', required)
    .addColumn('ordered', 'integer', required)
    .addColumn('disabled', 'text')
    .addColumn('failing_since', 'bigint')
    .addColumn('throttled_until', 'bigint')
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .execute();
  await db.schema.createIndex('endpoints_account').on('endpoints').column('account_id').execute();
  await db.schema
    .createTable('endpoint_secrets')
    .addColumn('id', 'integer', identity(db))
    .addColumn('endpoint_id', 'integer', references('endpoints.id'))
    .addColumn('secret', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('expires_at', 'bigint')
    .execute();
  await db.schema
    .createIndex('endpoint_secrets_endpoint')
    .on('endpoint_secrets')
    .column('endpoint_id')
    .execute();
};

const createDeliveries = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('webhook_messages')
    .addColumn('position', 'integer', (column) => column.primaryKey().references('events.position'))
    .addColumn('body', 'text', required)
    .execute();
  await db.schema
    .createTable('deliveries')
    .addColumn('id', 'integer', identity(db))
    .addColumn('public_id', 'text', (column) => column.notNull().unique())
    .addColumn('account_id', 'integer', references('accounts.id'))
    .addColumn('endpoint_id', 'integer', references('endpoints.id'))
    .addColumn('position', 'integer', references('events.position'))
    .addColumn('type', 'text', required)
    .addColumn('invoice_id', 'integer')
    .addColumn('invoice_public_id', 'text')
    .addColumn('state', 'text', required)
    .addColumn('attempts', 'integer', required)
    .addColumn('tries', 'integer', required)
    .addColumn('next_attempt_at', 'bigint')
    .addColumn('created_at', 'bigint', required)
    .addColumn('settled_at', 'bigint')
    .addUniqueConstraint('deliveries_event', ['endpoint_id', 'position'])
    .execute();
  await db.schema
    .createIndex('deliveries_due')
    .on('deliveries')
    .columns(['endpoint_id', 'next_attempt_at'])
    .where(sql.ref('state'), '=', sql.lit('pending'))
    .execute();
  await db.schema
    .createIndex('deliveries_pending')
    .on('deliveries')
    .columns(['endpoint_id', 'invoice_id', 'position'])
    .where(sql.ref('state'), '=', sql.lit('pending'))
    .execute();
  for (const [name, columns] of Object.entries({
    deliveries_by_time: ['account_id', 'public_id'],
    deliveries_by_state: ['account_id', 'state', 'public_id'],
    deliveries_by_type: ['account_id', 'type', 'public_id'],
    deliveries_by_invoice: ['account_id', 'invoice_public_id', 'public_id'],
    deliveries_by_endpoint: ['endpoint_id', 'public_id'],
    deliveries_by_endpoint_state: ['endpoint_id', 'state', 'public_id'],
  })) {
    await db.schema.createIndex(name).on('deliveries').columns(columns).execute();
  }
  await db.schema
    .createTable('attempts')
    .addColumn('id', 'integer', identity(db))
    .addColumn('delivery_id', 'integer', references('deliveries.id'))
    .addColumn('attempted_at', 'bigint', required)
    .addColumn('duration_ms', 'integer', required)
    .addColumn('result', 'text', required)
    .addColumn('http_status', 'integer')
    .addColumn('response_headers', 'text', required)
    .addColumn('response_body', 'text')
    .addColumn('error', 'text')
    .execute();
  await db.schema.createIndex('attempts_delivery').on('attempts').column('delivery_id').execute();
};

/** Events of endpoints beside those of invoices; endpoints with their secrets; deliveries with their attempts. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await (isSqlite(db) ? rebuildEvents(db) : alterEvents(db));
  await createEndpoints(db);
  await createDeliveries(db);
};
