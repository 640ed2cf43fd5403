import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import BetterSqlite3, { type Database } from 'better-sqlite3';
import { Kysely, type SqliteDatabase, type SqliteStatement, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { z } from 'zod';
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

/** How long a write may wait for another connection's, in ms. */
const busyMs = 5000;

const connect = (file: string): Database => {
  const database = new BetterSqlite3(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma(`busy_timeout = ${busyMs}`);
  return database;
};

const kyselyOver = (database: Database): Kysely<Schema> =>
  new Kysely<Schema>({ dialect: new SqliteDialect({ database: preparingOnce(database) }) });

/** How long somebody else may take to migrate a database, and how often to look, in ms. */
const migrating = { maxMs: 600_000, everyMs: 20 };

const isBusy = (error: unknown): boolean =>
  error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY');

/** Waits for whoever else writes without holding this process up: it may be this process itself. */
const beginAlone = async (database: Database): Promise<void> => {
  const until = performance.now() + migrating.maxMs;
  database.pragma('busy_timeout = 0');
  while (!database.inTransaction) {
    try {
      database.exec('begin immediate');
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
      await setTimeout(migrating.everyMs);
    }
  }
  database.pragma(`busy_timeout = ${busyMs}`);
};

const danglingReferences = (database: Database): unknown[] =>
  z.array(z.unknown()).parse(database.pragma('foreign_key_check'));

/**
 * All or nothing, and one process at a time. A table that others refer to can only be rebuilt while SQLite does not
 * watch over references, so they are looked over afterwards: https://www.sqlite.org/lang_altertable.html#otheralter
 */
const migrate = async (database: Database, db: Kysely<Schema>): Promise<void> => {
  const provider = { getMigrations: () => Promise.resolve(migrations) };
  database.pragma('foreign_keys = OFF');
  await beginAlone(database);
  const { error, results = [] } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw error;
  const [dangling] = results.length === 0 ? [] : danglingReferences(database);
  if (dangling !== undefined) {
    throw new Error(`A reference leads nowhere: ${JSON.stringify(dangling)}`);
  }
  database.exec('commit');
  database.pragma('foreign_keys = ON');
};

/**
 * Opens the database in a file, made and migrated as needed. Commits are fsynced (WAL, synchronous FULL); reads have
 * a connection of their own and see only what is committed.
 */
export const openSqliteStore = async (file: string): Promise<Store> => {
  createPrivately(file);
  const writing = connect(file);
  const tx = kyselyOver(writing);
  try {
    await migrate(writing, tx);
  } catch (error) {
    // Undoes what is not committed.
    writing.close();
    throw error;
  }
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
      // Kysely closes only what it has used.
      reading.close();
      writing.close();
    },
  };
};
