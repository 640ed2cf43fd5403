import { sql } from 'kysely';
import type { Store, Transaction } from '../store/store.ts';

/** A table for the effects of jobs that lets an effect happen twice. */
export const makeTraces = async ({ write }: Store): Promise<void> => {
  await write((tx) => sql`create table if not exists traces (name text not null)`.execute(tx));
};

export const leaveTrace = async (tx: Transaction, name: string): Promise<void> => {
  await sql`insert into traces values (${name})`.execute(tx);
};

export const traces = async ({ read }: Store): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`select name from traces`.execute(read);
  return rows.map(({ name }) => name);
};
