import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3, { type Database } from 'better-sqlite3';
import { Kysely, type SqliteDatabase, type SqliteStatement, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from './migrations/index.ts';
import type { Schema } from './schema.ts';
import type { Store } from './store.ts';
import { createWriteBatcher } from './write-batcher.ts';

const maxStatements = 512;

/** How much of the file reads may map: without it, deep pages of very large lists take half as long again. */
const mappedBytes = 2_000_000_000;

/** A statement is prepared once: `prepare` is the most expensive step of a small query. */
const preparingOnce = (database: Database): SqliteDatabase => {
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare: (text: string) => {
      const known = statements.get(text);
      if (known) return known;
      if (statements.size >= maxStatements) statements.clear();
      const statement = database.prepare(text);
      statements.set(text, statement);
      return statement;
    },
  };
};

/** For its owner's eyes only: it holds client secrets. SQLite gives its side files the mode of the file itself. */
const createPrivately = (file: string): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
};

const connect = (file: string): Database => {
  const database = new BetterSqlite3(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('busy_timeout = 5000');
  return database;
};

const kyselyOver = (database: Database): Kysely<Schema> =>
  new Kysely<Schema>({ dialect: new SqliteDialect({ database: preparingOnce(database) }) });

const migrate = async (db: Kysely<Schema>): Promise<void> => {
  const provider = { getMigrations: () => Promise.resolve(migrations) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw error;
};

/**
 * Opens the database in a file, made and migrated as needed. Commits are fsynced (WAL, synchronous FULL); reads have
 * a connection of their own and see only what is committed.
 */
export const openSqliteStore = async (file: string): Promise<Store> => {
  createPrivately(file);
  const writing = connect(file);
  const tx = kyselyOver(writing);
  await migrate(tx);
  const reading = connect(file);
  reading.pragma(`mmap_size = ${mappedBytes}`);
  const read = kyselyOver(reading);
  const { write, idle } = createWriteBatcher(writing, tx);
  return {
    read,
    write,
    close: async () => {
      await idle();
      await read.destroy();
      await tx.destroy();
    },
  };
};
