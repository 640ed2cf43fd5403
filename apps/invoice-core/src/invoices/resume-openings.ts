import type { Deps } from '../deps.ts';
import { openInvoice } from './open-invoice.ts';

const batchSize = 50;

/**
 * Takes up every invoice that is still `creating`, is due and is not being opened already. One that fails again has
 * been logged and put off by then.
 */
export const resumeOpenings = async (deps: Deps): Promise<void> => {
  const due = await deps.store.read
    .selectFrom('invoices')
    .select('id')
    .where('status', '=', 'creating')
    .where('open_due_at', '<=', deps.clock())
    .orderBy('open_due_at')
    .limit(batchSize)
    .execute();
  const waiting = due.filter(({ id }) => !deps.openings.isUnderWay(id));
  await Promise.allSettled(
    waiting.map(({ id }) => openInvoice(deps, { invoiceId: id, mayBeOpen: true })),
  );
};
