import { type ColumnDefinitionBuilder, type Kysely } from 'kysely';
import { termsOf } from '../../invoices/description-terms.ts';

interface Tables {
  invoices: { id: number; public_id: string; account_id: number; description: string | null };
  invoice_terms: { account_id: number; term: string; public_id: string };
}

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();

/** What is equal in a list; within it the list is ordered by public id, that is by time. */
const lists = {
  invoices_by_status: ['status'],
  invoices_by_provider: ['provider'],
  invoices_by_user: ['user_id'],
  invoices_by_item: ['item_type', 'item_id'],
  invoices_by_amount: ['amount'],
} as const;

const batch = 1000;

const indexDescriptions = async (db: Kysely<Tables>, afterId = 0): Promise<void> => {
  const invoices = await db
    .selectFrom('invoices')
    .select(['id', 'public_id', 'account_id', 'description'])
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(batch)
    .execute();
  for (const { account_id, public_id, description } of invoices) {
    for (const term of termsOf(description ?? '')) {
      await db.insertInto('invoice_terms').values({ account_id, term, public_id }).execute();
    }
  }
  const last = invoices.at(-1);
  if (last) await indexDescriptions(db, last.id);
};

export const up = async (db: Kysely<Tables>): Promise<void> => {
  // The amount rides along so that a range of amounts is walked by time without a look at the rows.
  await db.schema
    .createIndex('invoices_by_time')
    .on('invoices')
    .columns(['account_id', 'public_id', 'amount'])
    .execute();
  for (const [name, columns] of Object.entries(lists)) {
    await db.schema
      .createIndex(name)
      .on('invoices')
      .columns(['account_id', ...columns, 'public_id'])
      .execute();
  }
  await db.schema
    .createTable('invoice_terms')
    .addColumn('account_id', 'integer', required)
    .addColumn('term', 'text', required)
    .addColumn('public_id', 'text', required)
    .addPrimaryKeyConstraint('invoice_terms_key', ['account_id', 'term', 'public_id'])
    .execute();
  await indexDescriptions(db);
};
