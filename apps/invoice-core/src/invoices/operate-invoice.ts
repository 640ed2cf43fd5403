import { randomUUID } from 'node:crypto';
import type { Invoice, OperateInvoice } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { assertNothingPending, requestAct } from './acts.ts';
import { cancelInvoice } from './cancel-invoice.ts';
import { ActResult, carryOutAct } from './carry-out-act.ts';
import { findKey, keepKey } from './idempotency.ts';
import { readRowOfAccount } from './invoice-rows.ts';
import { deliver, readOutcome } from './outcome.ts';
import { assertOfThisWorld } from './world.ts';

/** Has the provider do something with an invoice, where its flow knows that. */
export const operateInvoice = async (deps: Deps, input: OperateInvoice): Promise<Invoice> => {
  const { caller, id, idempotencyKey, act: asked } = input;
  if (asked.kind === 'cancel') return cancelInvoice(deps, { caller, id, idempotencyKey });
  const row = await readRowOfAccount(deps.store.read, { id, accountId: caller.accountId });
  assertOfThisWorld(deps, row);
  const { acts } = await deps.catalog.abilityFor(row);
  if (!acts.includes(asked.kind)) {
    throw new DomainError('conflict', `An invoice of ${row.flow} knows no ${asked.kind}`);
  }
  const keyed = idempotencyKey !== null && {
    userId: caller.userId,
    key: idempotencyKey,
    request: ['invoices.operate', row.id, asked],
  };

  const requested = await deps.store.write(async (tx) => {
    const earlier = keyed && (await findKey(tx, keyed));
    if (earlier) return { ...earlier, isNew: false };

    const invoice = await readRowOfAccount(tx, { id: row.id, accountId: caller.accountId });
    if (invoice.provider_ref === null) {
      throw new DomainError('conflict', 'Its provider does not have the invoice yet');
    }
    await assertNothingPending(tx, invoice);
    const now = deps.clock();
    const key = `quittance-${asked.kind}-${randomUUID()}`;
    const { kind } = asked;
    const actId = await requestAct(deps, tx, invoice, { kind, key, detail: asked, now });
    if (keyed) await keepKey(tx, keyed, { subject: `act:${actId}`, now });
    return { id: actId, outcome: null, isNew: true };
  });
  const { invoice } = deliver(
    requested.outcome === null
      ? await carryOutAct(deps, { actId: requested.id, mayBeDone: !requested.isNew })
      : readOutcome(ActResult, requested.outcome),
  );
  return invoice;
};
