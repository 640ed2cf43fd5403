import { expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { verifyLedger } from '../invoices/verify-ledger.ts';
import {
  addEndpoint,
  create,
  createMany,
  deliveriesOf,
  runsOf,
  settleAll,
} from './endpoints-under-test.ts';

const rowsIn = async ({ store }: CoreUnderTest): Promise<Record<string, number>> => {
  const tables = ['endpoints', 'endpoint_secrets', 'deliveries', 'attempts'] as const;
  const counted = await Promise.all(
    tables.map(async (table) => {
      const rows = await store.read.selectFrom(table).selectAll().execute();
      return [table, rows.length] as const;
    }),
  );
  return Object.fromEntries(counted);
};

test('nobody sees an endpoint that was removed, nor what was for it, and in the end nothing of it is left', async () => {
  await using core = await openCore();
  const { endpoint } = await addEndpoint(core);
  const kept = await addEndpoint(core, { eventTypes: ['invoice.created'] });
  await createMany(core, 300);
  await core.store.write(async (tx) => {
    const deliveries = await tx.selectFrom('deliveries').select('id').execute();
    const attempts = deliveries.map(({ id }) => ({
      delivery_id: id,
      attempted_at: 0,
      duration_ms: 1,
      result: 'succeeded',
      http_status: 200,
      response_headers: '{}',
      response_body: null,
      error: null,
    }));
    await tx.insertInto('attempts').values(attempts).execute();
  });
  expect(await rowsIn(core)).toMatchObject({ deliveries: 900, attempts: 900 });
  const [delivery] = await deliveriesOf(core, { endpointId: endpoint.id });
  const { caller } = core;
  const { endpoints, deliveries } = core.app.core;
  const id = endpoint.id;
  expect(await endpoints.remove({ caller, id })).toEqual(endpoint);

  const gone = { code: 'not_found' };
  await expect(endpoints.get({ caller, id })).rejects.toMatchObject(gone);
  await expect(endpoints.remove({ caller, id })).rejects.toMatchObject(gone);
  await expect(endpoints.update({ caller, id, enabled: true })).rejects.toMatchObject(gone);
  await expect(deliveries.get({ caller, id: delivery?.id ?? '' })).rejects.toMatchObject(gone);
  expect(await endpoints.list({ caller })).toEqual([kept.endpoint]);
  const left = await deliveriesOf(core);
  expect(new Set(left.map(({ endpointId }) => endpointId))).toEqual(new Set([kept.endpoint.id]));
  expect(await runsOf(core)).toEqual({ 2: core.clock.now() });
  expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
  await create(core);
  expect(await rowsIn(core)).toMatchObject({ deliveries: 901 });

  await settleAll(core, 'succeeded');
  for (let round = 0; round < 5; round += 1) await core.app.work();
  expect(await rowsIn(core)).toEqual({
    endpoints: 1,
    endpoint_secrets: 1,
    deliveries: 301,
    attempts: 300,
  });
  expect(
    await core.store.read.selectFrom('jobs').selectAll().where('kind', '=', 'remove').execute(),
  ).toEqual([]);
}, 20_000);
