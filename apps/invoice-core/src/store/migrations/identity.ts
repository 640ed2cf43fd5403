import { type ColumnDefinitionBuilder, type Kysely, SqliteAdapter } from 'kysely';

export const isSqlite = <DB>(db: Kysely<DB>): boolean =>
  db.getExecutor().adapter instanceof SqliteAdapter;

/** An integer primary key that the database counts up itself, never giving a number twice. */
export const identity =
  <DB>(db: Kysely<DB>) =>
  (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
    isSqlite(db)
      ? column.primaryKey().autoIncrement()
      : column.primaryKey().generatedByDefaultAsIdentity();
