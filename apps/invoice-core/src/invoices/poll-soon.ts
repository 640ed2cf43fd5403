import type { Deps } from '../deps.ts';
import type { Transaction } from '../store/store.ts';

/** Has the provider asked about an invoice at a time, UTC ms, unless that is done sooner anyway. */
export const pollSoon = (
  { jobs }: Pick<Deps, 'jobs'>,
  tx: Transaction,
  { invoiceId, runAt }: { invoiceId: number; runAt: number },
): Promise<void> =>
  jobs.schedule(tx, {
    kind: 'poll',
    key: String(invoiceId),
    payload: { invoiceId },
    runAt,
    ifScheduled: 'earliest',
  });
