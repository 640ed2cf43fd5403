import { randomUUID } from 'node:crypto';
import type { RefundedInvoice, RefundInvoice } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import type { Transaction } from '../store/store.ts';
import { requestAct } from './acts.ts';
import { ActResult, carryOutAct } from './carry-out-act.ts';
import { findKey, keepKey } from './idempotency.ts';
import { type InvoiceRow, readRowOfAccount, standingOfRow } from './invoice-rows.ts';
import { deliver, readOutcome } from './outcome.ts';
import { assertOfThisWorld } from './world.ts';
import { chooseRefund } from './refunded-payment.ts';

/** What can still be given back: neither given, nor on its way, nor asked for. Minor units. */
const leftOf = async (tx: Transaction, row: InvoiceRow): Promise<number> => {
  const { received, refunded, refunds } = standingOfRow(row);
  const onItsWay = refunds
    .filter(({ state }) => state === 'pending')
    .reduce((sum, { money }) => sum + money.amount, 0);
  const asked = await tx
    .selectFrom('acts')
    .select('amount')
    .where('invoice_id', '=', row.id)
    .where('kind', '=', 'refund')
    .where('state', '=', 'pending')
    .execute();
  return received - refunded - onItsWay - asked.reduce((sum, { amount }) => sum + (amount ?? 0), 0);
};

/** Gives money back, in whole or in part. What is asked for is set aside first, so that no two ask for the same. */
export const refundInvoice = async (deps: Deps, input: RefundInvoice): Promise<RefundedInvoice> => {
  const { caller, id, idempotencyKey, reason } = input;
  const row = await readRowOfAccount(deps.store.read, { id, accountId: caller.accountId });
  assertOfThisWorld(deps, row);
  const keyed = idempotencyKey !== null && {
    userId: caller.userId,
    key: idempotencyKey,
    request: ['invoices.refund', row.id, input.amount, reason],
  };
  const { refund: ability } = await deps.catalog.abilityFor(row);

  const requested = await deps.store.write(async (tx) => {
    const earlier = keyed && (await findKey(tx, keyed));
    if (earlier) return { ...earlier, isNew: false };

    const invoice = await readRowOfAccount(tx, { id: row.id, accountId: caller.accountId });
    const left = await leftOf(tx, invoice);
    const terms = { asked: input.amount, left, ability };
    const { amount, ...detail } = await chooseRefund(tx, invoice, terms);
    const now = deps.clock();
    const key = `quittance-refund-${randomUUID()}`;
    const actId = await requestAct(deps, tx, invoice, {
      kind: 'refund',
      key,
      amount,
      reason,
      detail,
      now,
    });
    if (keyed) await keepKey(tx, keyed, { subject: `act:${actId}`, now });
    return { id: actId, outcome: null, isNew: true };
  });
  const { act, invoice } = deliver(
    requested.outcome === null
      ? await carryOutAct(deps, { actId: requested.id, mayBeDone: !requested.isNew })
      : readOutcome(ActResult, requested.outcome),
  );
  return { refund: act, invoice };
};
