import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();

export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('jobs')
    .addColumn('kind', 'text', required)
    .addColumn('key', 'text', required)
    .addColumn('payload', 'text', required)
    .addColumn('run_at', 'bigint', required)
    .addColumn('again_at', 'bigint')
    .addColumn('lease_token', 'text')
    .addColumn('leased_until', 'bigint')
    .addColumn('attempts', 'integer', required)
    .addColumn('last_error_code', 'text')
    .addColumn('last_error_message', 'text')
    .addColumn('created_at', 'bigint', required)
    .addPrimaryKeyConstraint('jobs_key', ['kind', 'key'])
    .execute();
  // Leased rows are in it too: they are few, and a lease that ran out keeps its place in the order.
  await db.schema.createIndex('jobs_due').on('jobs').columns(['kind', 'run_at', 'key']).execute();
  await db.schema
    .createIndex('jobs_leased')
    .on('jobs')
    .columns(['kind', 'leased_until'])
    .where(sql.ref('lease_token'), 'is not', null)
    .execute();
  await db.schema
    .createIndex('jobs_failing')
    .on('jobs')
    .columns(['kind', 'run_at', 'key'])
    .where(sql.ref('last_error_code'), 'is not', null)
    .execute();
};
