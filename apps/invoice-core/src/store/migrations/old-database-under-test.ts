import { readFile } from 'node:fs/promises';
import BetterSqlite3 from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { z } from 'zod';
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
 * and openings whose outcome is not known yet.
 */
export const makeOldDatabase = async (file: string): Promise<void> => {
  const database = new BetterSqlite3(file);
  database.pragma('journal_mode = WAL');
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
  const provider = { getMigrations: () => Promise.resolve(migrations) };
  const { error } = await new Migrator({ db, provider }).migrateTo('0003-lists');
  if (error !== undefined) throw error;
  database.exec(await readFile(new URL('fixtures/0003-lists.sql', import.meta.url), 'utf8'));
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
    rows: Object.fromEntries(names.map((name) => [name, all(`select * from ${name}`)])),
  };
  database.close();
  return contents;
};
