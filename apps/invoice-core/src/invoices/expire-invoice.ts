import type { Deps } from '../deps.ts';
import type { RunAgain } from '../jobs/jobs.ts';
import type { Transaction } from '../store/store.ts';
import { cancelKey, recordAct, requestAct } from './acts.ts';
import { type InvoiceRow, standingOfRow } from './invoice-rows.ts';
import { pollSoon } from './poll-soon.ts';
import { type Ability, isEndedByUsAlone } from './provider-catalog.ts';
import { restate } from './restate.ts';

const readRow = (tx: Transaction, id: number): Promise<InvoiceRow> =>
  tx.selectFrom('invoices').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

const isRecorded = async (tx: Transaction, key: string): Promise<boolean> =>
  (await tx.selectFrom('acts').select('id').where('key', '=', key).executeTakeFirst()) !==
  undefined;

/** Asks the provider to take no more money for an invoice that we have ended, where it can and does not do so itself. */
export const closeAtProvider = async (
  deps: Deps,
  tx: Transaction,
  { invoiceId, ability, now }: { invoiceId: number; ability: Ability; now: number },
): Promise<void> => {
  if (ability.expire || !ability.acts.includes('cancel')) return;
  const invoice = await readRow(tx, invoiceId);
  if (invoice.status !== 'expired' || invoice.provider_ref === null) return;
  const key = await cancelKey(tx, invoice);
  await requestAct(deps, tx, invoice, { kind: 'cancel', key, now });
};

/** Money may have come at the last moment. */
export const lookUnlessSettled = async (
  deps: Deps,
  tx: Transaction,
  { invoiceId, now }: { invoiceId: number; now: number },
): Promise<void> => {
  if (standingOfRow(await readRow(tx, invoiceId)).settled) return;
  await pollSoon(deps, tx, { invoiceId, runAt: now });
};

/** Ends an invoice by its time, however often that is found. */
export const recordExpiry = async (
  deps: Deps,
  tx: Transaction,
  invoice: InvoiceRow,
  now: number,
): Promise<void> => {
  const key = `quittance-expire-${invoice.public_id}-${invoice.expires_at}`;
  if (await isRecorded(tx, key)) return;
  const actId = await recordAct(tx, invoice, { kind: 'expire', key, now });
  await restate(deps, tx, { invoiceId: invoice.id, cause: { actId }, now });
};

/** How soon is asked again what became of money that was on its way at the end, in ms. */
const processingMs = 15 * 60_000;

/** Whether the provider can only be asked to take no more money when it is known what became of what is on its way. */
const mustWait = async (
  tx: Transaction,
  { invoiceId, ability }: { invoiceId: number; ability: Ability },
): Promise<boolean> => {
  if (ability.expire || !ability.acts.includes('cancel')) return false;
  return (await readRow(tx, invoiceId)).status === 'processing';
};

/**
 * Ends an invoice at its time, and then at its provider; one that the provider ends by itself, or that we alone end, is
 * asked about once more. Whether it was paid before is not asked: the money decides, also money that we hear of later.
 * What is on its way is waited for: only when it has failed has the invoice expired.
 */
export const expireInvoice = async (
  deps: Deps,
  invoice: InvoiceRow,
  finish: (tx: Transaction, again?: RunAgain) => Promise<void>,
): Promise<void> => {
  await deps.store.write((tx) => recordExpiry(deps, tx, invoice, deps.clock()));
  const ability = await deps.catalog.abilityFor(invoice);
  await deps.store.write(async (tx) => {
    const now = deps.clock();
    const invoiceId = invoice.id;
    if (await mustWait(tx, { invoiceId, ability })) {
      await finish(tx, { runAt: now + processingMs });
      return;
    }
    await closeAtProvider(deps, tx, { invoiceId, ability, now });
    if (ability.expire || isEndedByUsAlone(ability)) {
      await lookUnlessSettled(deps, tx, { invoiceId, now });
    }
    await finish(tx);
  });
};
