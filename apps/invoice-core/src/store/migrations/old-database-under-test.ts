import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { z } from 'zod';
import { openSqliteStore } from '../sqlite-store.ts';
import { migrations } from './index.ts';

const Rows = z.array(z.record(z.string(), z.unknown()));
export type Row = z.infer<typeof Rows>[number];

/** The tables, columns and indexes of a database, and what is in it. Leaves out the migrations' own tables. */
export interface Contents {
  schema: Record<string, string>;
  rows: Record<string, Row[]>;
}

/**
 * Makes a database as version 0003 left it, with what that version itself wrote: invoices in all its states, with acts
 * and openings whose outcome is not known yet; or as a later version left that one.
 */
const makeOldDatabase = async (file: string, version: string): Promise<void> => {
  const database = new BetterSqlite3(file);
  database.pragma('journal_mode = WAL');
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
  const provider = { getMigrations: () => Promise.resolve(migrations) };
  const migrateTo = async (name: string): Promise<void> => {
    const { error } = await new Migrator({ db, provider }).migrateTo(name);
    if (error !== undefined) throw error;
  };
  await migrateTo('0003-lists');
  database.exec(await readFile(new URL('fixtures/0003-lists.sql', import.meta.url), 'utf8'));
  database.pragma('foreign_keys = OFF');
  await migrateTo(version);
  await db.destroy();
};

/** Changes a database behind the store's back. */
export const tamper = (file: string, sql: string): void => {
  const database = new BetterSqlite3(file);
  database.pragma('foreign_keys = OFF');
  database.exec(sql);
  database.close();
};

export const readContents = (file: string): Contents => {
  const database = new BetterSqlite3(file, { readonly: true });
  const all = (sql: string): Row[] => Rows.parse(database.prepare(sql).all());
  const objects = all(
    `select type, name, coalesce(sql, '') as sql from sqlite_master
     where name not like 'kysely%' and tbl_name not like 'kysely%' order by name`,
  );
  const names = objects.flatMap(({ type, name }) => (type === 'table' ? [String(name)] : []));
  const contents = {
    schema: Object.fromEntries(
      objects.map(({ type, name, sql }) => [`${String(type)} ${String(name)}`, String(sql)]),
    ),
    rows: Object.fromEntries(names.map((name) => [name, all(`select * from ${name} order by 1`)])),
  };
  database.close();
  return contents;
};

const withFolder = async (run: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-migrations-'));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

export const withOldDatabase = (
  run: (file: string, folder: string) => Promise<void>,
  version = '0003-lists',
): Promise<void> =>
  withFolder(async (folder) => {
    const file = join(folder, 'old.db');
    await makeOldDatabase(file, version);
    await run(file, folder);
  });

const columns = (
  'account_id user_id provider flow options sandbox policy status exception amount currency received refunded ' +
  'disputed ledger item_type item_id event_count created_at updated_at version'
)
  .split(' ')
  .join(', ');

/** Enough that migrating them takes a while: copies of an invoice that failed. */
export const manyInvoices = `
  with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 10000)
  insert into invoices (public_id, ${columns})
  select printf('%024x', n), ${columns} from numbers cross join invoices where id = 14`;

/** Opens a database, which migrates it, and closes it. */
export const open = async (file: string): Promise<void> => (await openSqliteStore(file)).close();
