import { type ColumnDefinitionBuilder, type Kysely, SqliteAdapter } from 'kysely';

/** An integer primary key that the database counts up itself, never giving a number twice. */
export const identity =
  (db: Kysely<unknown>) =>
  (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
    db.getExecutor().adapter instanceof SqliteAdapter
      ? column.primaryKey().autoIncrement()
      : column.primaryKey().generatedByDefaultAsIdentity();
