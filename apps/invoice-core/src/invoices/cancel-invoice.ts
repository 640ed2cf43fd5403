import type { CancelInvoice, Invoice } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import type { Transaction } from '../store/store.ts';
import { assertNothingPending, cancelKey, recordAct, requestAct } from './acts.ts';
import { assertNobodyPays } from '../checkouts/on-its-way.ts';
import { carryOutAct } from './carry-out-act.ts';
import { lookUnlessSettled, recordExpiry } from './expire-invoice.ts';
import { findKey, keepKey } from './idempotency.ts';
import { type InvoiceRow, readInvoice, readRowOfAccount } from './invoice-rows.ts';
import { deliver, KeptInvoice, readOutcome } from './outcome.ts';
import { restate } from './restate.ts';
import { assertOfThisWorld } from './world.ts';

const closed = new Set(['canceled', 'expired', 'failed']);

const assertCancelable = ({ status, received }: InvoiceRow): void => {
  if (received > 0) throw new DomainError('conflict', 'Money has arrived for this invoice');
  if (status === 'creating')
    throw new DomainError('conflict', 'The invoice is still being created');
};

type Requested = { invoice: Invoice } | { actId: number };

/** What is kept under a cancel's key: the invoice that it ended, whatever it took to end it. */
const Canceled = z.object({ invoice: KeptInvoice });

/**
 * Ends an invoice that only we can end, and asks once more whether it was paid. One whose time is over has expired, whether
 * or not background work has been there: were it canceled, it would turn into an expired one later.
 */
const close = async (
  deps: Deps,
  tx: Transaction,
  invoice: InvoiceRow,
  { key, now }: { key: string; now: number },
): Promise<void> => {
  const { id: invoiceId, expires_at: expiresAt } = invoice;
  if (expiresAt !== null && expiresAt <= now) await recordExpiry(deps, tx, invoice, now);
  else {
    const actId = await recordAct(tx, invoice, { kind: 'close', key, now });
    await restate(deps, tx, { invoiceId, cause: { actId }, now });
  }
  await lookUnlessSettled(deps, tx, { invoiceId, now });
};

/**
 * Ends an invoice, at its provider too where that can be. Money that arrives meanwhile wins: then the provider
 * refuses, and what it says is the invoice's standing.
 */
export const cancelInvoice = async (deps: Deps, input: CancelInvoice): Promise<Invoice> => {
  const { caller, id, idempotencyKey } = input;
  const row = await readRowOfAccount(deps.store.read, { id, accountId: caller.accountId });
  assertOfThisWorld(deps, row);
  const keyed = idempotencyKey !== null && {
    userId: caller.userId,
    key: idempotencyKey,
    request: ['invoices.cancel', row.id],
  };
  const canAsk = (await deps.catalog.abilityFor(row)).acts.includes('cancel');

  const requested = await deps.store.write(async (tx): Promise<Requested> => {
    const earlier = keyed && (await findKey(tx, keyed));
    if (earlier && earlier.outcome !== null) return deliver(readOutcome(Canceled, earlier.outcome));
    if (earlier) return { actId: earlier.id };

    const invoice = await readRowOfAccount(tx, { id: row.id, accountId: caller.accountId });
    assertCancelable(invoice);
    await assertNothingPending(tx, invoice, 'cancel');
    const now = deps.clock();
    if (!closed.has(invoice.status)) await assertNobodyPays(tx, { invoiceId: invoice.id, now });
    const key = await cancelKey(tx, invoice);
    if (canAsk && !closed.has(invoice.status)) {
      const actId = await requestAct(deps, tx, invoice, { kind: 'cancel', key, now });
      if (keyed) await keepKey(tx, keyed, { subject: `act:${actId}`, now });
      return { actId };
    }
    if (!closed.has(invoice.status)) await close(deps, tx, invoice, { key, now });
    const value = { invoice: await readInvoice(tx, invoice.id) };
    if (keyed) {
      await keepKey(tx, keyed, {
        subject: `invoice:${invoice.id}`,
        outcome: { ok: true, value },
        now,
      });
    }
    return value;
  });
  if ('invoice' in requested) return requested.invoice;
  return deliver(await carryOutAct(deps, { actId: requested.actId, mayBeDone: true })).invoice;
};
