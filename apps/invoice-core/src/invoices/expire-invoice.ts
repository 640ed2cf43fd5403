import type { Deps } from '../deps.ts';
import type { Transaction } from '../store/store.ts';
import { cancelKey, recordAct, requestAct } from './acts.ts';
import type { InvoiceRow } from './invoice-rows.ts';
import { restate } from './restate.ts';

/** Asks the provider to take no more money for an invoice that we have ended, where it can. */
export const closeAtProvider = async (
  deps: Deps,
  tx: Transaction,
  { invoiceId, canCancel, now }: { invoiceId: number; canCancel: boolean; now: number },
): Promise<void> => {
  const invoice = await tx
    .selectFrom('invoices')
    .selectAll()
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  if (!canCancel || invoice.status !== 'expired' || invoice.provider_ref === null) return;
  const key = await cancelKey(tx, invoice);
  await requestAct(deps, tx, invoice, { kind: 'cancel', key, now });
};

/**
 * Ends an invoice at its time, and then at its provider. Whether it was paid before is not asked: the money decides,
 * also money that we hear of later.
 */
export const expireInvoice = async (
  deps: Deps,
  invoice: InvoiceRow,
  finish: (tx: Transaction) => Promise<void>,
): Promise<void> => {
  await deps.store.write(async (tx) => {
    const now = deps.clock();
    const key = `quittance-expire-${invoice.public_id}`;
    const actId = await recordAct(tx, invoice, { kind: 'expire', key, now });
    await restate(deps, tx, { invoiceId: invoice.id, cause: { actId }, now });
  });
  const canCancel = (await deps.catalog.abilityFor(invoice)).acts.includes('cancel');
  await deps.store.write(async (tx) => {
    await closeAtProvider(deps, tx, { invoiceId: invoice.id, canCancel, now: deps.clock() });
    await finish(tx);
  });
};
