import type { Kysely } from 'kysely';
import type { Discrepancy } from '../invoices/verify-ledger.ts';
import type { Schema } from '../store/schema.ts';
import { type EndpointRow, removed } from './endpoint-rows.ts';

const hasPending = async (db: Kysely<Schema>, endpointId: number): Promise<boolean> => {
  const pending = await db
    .selectFrom('deliveries')
    .select('id')
    .where('endpoint_id', '=', endpointId)
    .where('state', '=', 'pending')
    .limit(1)
    .executeTakeFirst();
  return pending !== undefined;
};

/** The kind of background work that an endpoint waits for; undefined for none. */
const neededJob = async (
  db: Kysely<Schema>,
  { id, disabled }: Pick<EndpointRow, 'id' | 'disabled'>,
): Promise<'remove' | 'deliver' | undefined> => {
  if (disabled === removed) return 'remove';
  return disabled === null && (await hasPending(db, id)) ? 'deliver' : undefined;
};

/** What is pending at an endpoint that is enabled has somebody who sends it, what was removed somebody who deletes it. */
export const checkEndpoints = async (db: Kysely<Schema>): Promise<Discrepancy[]> => {
  const endpoints = await db.selectFrom('endpoints').select(['id', 'disabled']).execute();
  const discrepancies: Discrepancy[] = [];
  for (const endpoint of endpoints) {
    const kind = await neededJob(db, endpoint);
    if (kind === undefined) continue;
    const jobs = await db
      .selectFrom('jobs')
      .select('key')
      .where('kind', '=', kind)
      .where('key', '=', String(endpoint.id))
      .execute();
    if (jobs.length === 1) continue;
    const [field, stored] = [`jobs.${kind}`, jobs.length];
    discrepancies.push({ endpointId: endpoint.id, field, stored, expected: 1 });
  }
  return discrepancies;
};
