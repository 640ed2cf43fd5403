import type { ColumnDefinitionBuilder, Kysely } from 'kysely';

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();

/** Who users are in Telegram, how often somebody guessed at a PIN, and who may pay an invoice at the moment. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema.alterTable('users').addColumn('telegram_id', 'bigint').execute();
  await db.schema.alterTable('users').addColumn('pin_hash', 'text').execute();
  await db.schema
    .createIndex('users_telegram')
    .on('users')
    .column('telegram_id')
    .unique()
    .execute();
  await db.schema
    .createTable('pin_tries')
    .addColumn('telegram_id', 'bigint', (column) => column.primaryKey())
    .addColumn('failures', 'integer', required)
    .addColumn('locked_until', 'bigint')
    .addColumn('updated_at', 'bigint', required)
    .execute();
  await db.schema.createIndex('pin_tries_age').on('pin_tries').column('updated_at').execute();
  await db.schema
    .createTable('checkouts')
    .addColumn('invoice_id', 'integer', (column) => column.primaryKey().references('invoices.id'))
    .addColumn('question_id', 'text', required)
    .addColumn('payer', 'text', required)
    .addColumn('accepted_at', 'bigint', required)
    .execute();
};
