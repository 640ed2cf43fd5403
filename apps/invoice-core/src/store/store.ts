import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

export type Transaction = Kysely<Schema>;

/** A unit of work: database queries only, so that it never waits for anything else while others wait for it. */
export type Unit<T> = (tx: Transaction) => Promise<T>;

export interface Store {
  /** What is committed. */
  read: Kysely<Schema>;
  /**
   * Runs a unit in a transaction. Resolves after the commit is on disk; rejects with what the unit threw, of which
   * then nothing is left. The one door that every change goes through.
   */
  write: <T>(unit: Unit<T>) => Promise<T>;
  close: () => Promise<void>;
}
