import type { CancelInvoice, Invoice } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { cancelKey, recordAct, requestAct } from './acts.ts';
import { ActResult, carryOutAct } from './carry-out-act.ts';
import { findKey, keepKey } from './idempotency.ts';
import { type InvoiceRow, readInvoice, readRowOfAccount } from './invoice-rows.ts';
import { deliver, readOutcome } from './outcome.ts';
import { restate } from './restate.ts';

const closed = new Set(['canceled', 'expired', 'failed']);

const assertCancelable = ({ status, received }: InvoiceRow): void => {
  if (received > 0) throw new DomainError('conflict', 'Money has arrived for this invoice');
  if (status === 'creating')
    throw new DomainError('conflict', 'The invoice is still being created');
};

type Requested = { invoice: Invoice } | { actId: number };

/**
 * Ends an invoice, at its provider too where that can be. Money that arrives meanwhile wins: then the provider
 * refuses, and what it says is the invoice's standing.
 */
export const cancelInvoice = async (deps: Deps, input: CancelInvoice): Promise<Invoice> => {
  const { caller, id, idempotencyKey } = input;
  const row = await readRowOfAccount(deps.store.read, { id, accountId: caller.accountId });
  const keyed = idempotencyKey !== null && {
    userId: caller.userId,
    key: idempotencyKey,
    request: ['invoices.cancel', row.id],
  };
  const { cancel: canAsk } = await deps.catalog.abilityFor(row);

  const requested = await deps.store.write(async (tx): Promise<Requested> => {
    const earlier = keyed && (await findKey(tx, keyed));
    if (earlier && earlier.outcome !== null) {
      return deliver(readOutcome(ActResult, earlier.outcome));
    }
    if (earlier) return { actId: earlier.id };

    const invoice = await readRowOfAccount(tx, { id: row.id, accountId: caller.accountId });
    assertCancelable(invoice);
    if (closed.has(invoice.status)) return { invoice: await readInvoice(tx, invoice.id) };
    const now = deps.clock();
    const act = { key: await cancelKey(tx, invoice), now };
    if (!canAsk) {
      const actId = await recordAct(tx, invoice, { kind: 'close', ...act });
      await restate(tx, { invoiceId: invoice.id, cause: { actId }, now });
      return { invoice: await readInvoice(tx, invoice.id) };
    }
    const actId = await requestAct(deps, tx, invoice, { kind: 'cancel', ...act });
    if (keyed) await keepKey(tx, keyed, { subject: `act:${actId}`, now });
    return { actId };
  });
  if ('invoice' in requested) return requested.invoice;
  return deliver(await carryOutAct(deps, requested.actId)).invoice;
};
