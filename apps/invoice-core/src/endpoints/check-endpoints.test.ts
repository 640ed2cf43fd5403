import { expect, test } from 'vitest';
import { openCore } from '../core-under-test.ts';
import { verifyLedger } from '../invoices/verify-ledger.ts';
import { addEndpoint, create } from './endpoints-under-test.ts';

test('what is pending and nobody sends is found by verify-ledger', async () => {
  await using core = await openCore();
  await addEndpoint(core);
  await create(core);
  expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
  await core.store.write(async (tx) => {
    await tx.deleteFrom('jobs').where('kind', '=', 'deliver').execute();
  });
  expect((await verifyLedger(core.store.read)).discrepancies).toEqual([
    { endpointId: 1, field: 'jobs.deliver', stored: 0, expected: 1 },
  ]);
});
