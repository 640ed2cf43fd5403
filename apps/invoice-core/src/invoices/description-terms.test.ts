import BetterSqlite3 from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, test } from 'vitest';
import { migrations } from '../store/migrations/index.ts';
import type { Schema } from '../store/schema.ts';
import { termsOf } from './description-terms.ts';

test.each([
  ['Flight LIS–ZRH, 2 seats', ['flight', 'lis', 'zrh', '2', 'seats']],
  ['Zürich ZURICH Zu\u0308rich', ['zurich']],
  ['Straße STRASSE', ['strasse']],
  ['ΟΔΟΣ οδός', ['οδος']],
  ['a_b a.b', ['a', 'b']],
  ['請求書 №５', ['請求書', 'no5']],
  ['  –!  ', []],
  ['x'.repeat(1000), ['x'.repeat(100)]],
])('the words of %j', (text, terms) => {
  expect(termsOf(text)).toEqual(terms);
});

test('words are bounded in number', () => {
  const many = Array.from({ length: 2000 }, (_, n) => String(n)).join(' ');
  expect(termsOf(many)).toHaveLength(512);
});

type SchemaThen = Omit<Schema, 'invoices'> & {
  invoices: Omit<Schema['invoices'], 'asked_amount'>;
};

test('the migration indexes the descriptions that are there already', async () => {
  const database = new BetterSqlite3(':memory:');
  const db = new Kysely<SchemaThen>({ dialect: new SqliteDialect({ database }) });
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  });
  await migrator.migrateTo('0002-jobs');
  database.pragma('foreign_keys = off');
  const invoices = Array.from({ length: 1500 }, (_, n) => ({
    public_id: n.toString(16).padStart(24, '0'),
    account_id: 1,
    user_id: 1,
    provider: 'stripe',
    flow: 'stripe.payment_intent',
    options: '{}',
    sandbox: 1,
    policy: '{}',
    status: 'paid',
    exception: 'none',
    amount: 1,
    currency: 'USD',
    received: 0,
    refunded: 0,
    disputed: 'none',
    ledger: '{}',
    item_type: 'x',
    item_id: 'x',
    description: n % 2 === 0 ? 'Flight' : null,
    event_count: 0,
    created_at: n,
    updated_at: n,
    version: 1,
  }));
  for (const invoice of invoices) await db.insertInto('invoices').values(invoice).execute();
  const { error } = await migrator.migrateTo('0003-lists');
  expect(error).toBeUndefined();
  const terms = await db.selectFrom('invoice_terms').selectAll().execute();
  expect(terms).toHaveLength(750);
  expect(new Set(terms.map(({ term }) => term))).toEqual(new Set(['flight']));
  await db.destroy();
});
