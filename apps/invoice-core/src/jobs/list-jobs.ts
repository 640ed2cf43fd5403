import type { Transaction } from '../store/store.ts';
import type { JobView } from './jobs.ts';

export const listJobs = async (
  db: Transaction,
  { kind, failing = false, limit }: { kind?: string; failing?: boolean; limit: number },
): Promise<JobView[]> => {
  const rows = await db
    .selectFrom('jobs')
    .selectAll()
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? ''))
    .$if(failing, (query) => query.where('last_error_code', 'is not', null))
    .orderBy('kind')
    .orderBy('run_at')
    .orderBy('key')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    kind: row.kind,
    key: row.key,
    runAt: row.again_at ?? row.run_at,
    attempts: row.attempts,
    lastError:
      row.last_error_code === null
        ? null
        : { code: row.last_error_code, message: row.last_error_message ?? '' },
    leasedUntil: row.leased_until,
  }));
};
