import { isDeepStrictEqual } from 'node:util';
import type { ListDeliveries } from '@quittance/contracts';
import fc from 'fast-check';
import { CompiledQuery, type KyselyPlugin, type RootOperationNode } from 'kysely';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import {
  addEndpoint,
  create,
  deliveriesOf,
  pay,
  settleAll,
  stranger,
} from './endpoints-under-test.ts';
import { listDeliveries } from './list-deliveries.ts';

type Filter = ListDeliveries['filter'];

/** Two endpoints; three invoices, of which one is paid; some deliveries of each state. */
const openBusyCore = async () => {
  const core = await openCore();
  const one = await addEndpoint(core);
  const two = await addEndpoint(core, { eventTypes: ['invoice.created', 'invoice.paid'] });
  const first = await create(core);
  await settleAll(core, 'succeeded');
  core.clock.advance(1000);
  const second = await create(core);
  await settleAll(core, 'failed');
  core.clock.advance(1000);
  await pay(core);
  await create(core);
  return { core, endpoints: [one.endpoint.id, two.endpoint.id], invoices: [first, second] };
};

const pagesOf = async (
  { app, caller }: CoreUnderTest,
  filter: Filter,
  limit: number,
): Promise<string[]> => {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof app.core.deliveries.list>> =
      await app.core.deliveries.list({ caller, filter, after, limit });
    const isFull = page.deliveries.length === limit;
    expect(isFull || page.next === null).toBe(true);
    expect(page.deliveries.length > 0 || ids.length === 0).toBe(true);
    ids.push(...page.deliveries.map(({ id }) => id));
    after = page.next;
  } while (after !== null);
  return ids;
};

test('every combination of filters gives what it says, newest first, in pages of any size', async () => {
  const busy = await openBusyCore();
  await using core = busy.core;
  const all = await deliveriesOf(core);
  expect(all).toHaveLength(2 * 3 + 2 + 3);
  const filters = fc.record<Filter>(
    {
      endpointId: fc.constantFrom(...busy.endpoints),
      state: fc.constantFrom('pending', 'succeeded', 'failed'),
      type: fc.constantFrom('invoice.created', 'invoice.paid', 'invoice.expired'),
      invoicePublicId: fc.constantFrom(...busy.invoices.map(({ publicId }) => publicId)),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(filters, fc.integer({ min: 1, max: 12 }), async (filter, limit) => {
      const wanted = all.filter((delivery) =>
        isDeepStrictEqual({ ...delivery, ...filter }, delivery),
      );
      const expected = wanted.map(({ id }) => id).toSorted();
      expect(await pagesOf(core, filter, limit)).toEqual(expected.toReversed());
    }),
    { numRuns: 200 },
  );
});

test('what is made meanwhile is on no later page', async () => {
  const { core: opened } = await openBusyCore();
  await using core = opened;
  const { caller } = core;
  const { deliveries } = core.app.core;
  const first = await deliveries.list({ caller, filter: {}, after: null, limit: 4 });
  core.clock.advance(1);
  await create(core);
  const rest = await deliveries.list({ caller, filter: {}, after: first.next, limit: 200 });
  expect(rest.next).toBeNull();
  const ids = [...first.deliveries, ...rest.deliveries].map(({ id }) => id);
  expect(new Set(ids).size).toBe(11);
});

test('attempts are those of the delivery, oldest first', async () => {
  await using core = await openCore();
  await addEndpoint(core);
  await create(core);
  const at = core.clock.now();
  const attempt = (delivery: number, change: object) => ({
    delivery_id: delivery,
    attempted_at: at,
    duration_ms: 12,
    result: 'rejected',
    http_status: 500,
    response_headers: '{"retry-after":"5"}',
    response_body: 'Oh no',
    error: null,
    ...change,
  });
  await core.store.write(async (tx) => {
    const lost = { result: 'timeout', http_status: null, response_body: null, error: 'Timed out' };
    const rows = [attempt(1, {}), attempt(2, {}), attempt(1, { ...lost, response_headers: '{}' })];
    await tx.insertInto('attempts').values(rows).execute();
  });
  const [first] = await deliveriesOf(core);
  const { caller } = core;
  const id = first?.id ?? '';
  const attemptedAt = new Date(at).toISOString();
  expect(await core.app.core.deliveries.attempts({ caller, id })).toEqual([
    {
      attemptedAt,
      durationMs: 12,
      result: 'rejected',
      httpStatus: 500,
      responseHeaders: { 'retry-after': '5' },
      responseBody: 'Oh no',
      error: null,
    },
    {
      attemptedAt,
      durationMs: 12,
      result: 'timeout',
      httpStatus: null,
      responseHeaders: {},
      responseBody: null,
      error: 'Timed out',
    },
  ]);
  expect(await core.app.core.deliveries.get({ caller, id })).toEqual(first);
  const other = await stranger(core);
  const unknown = { caller: other, id: 'del_000000000000000000000000' };
  await expect(core.app.core.deliveries.get(unknown)).rejects.toMatchObject({ code: 'not_found' });
});

const Step = z.object({ detail: z.string() });

test('every list walks an index: nothing is scanned and nothing sorted', async () => {
  const busy = await openBusyCore();
  await using core = busy.core;
  const [endpointId = ''] = busy.endpoints;
  const [invoice] = busy.invoices;
  const values = {
    endpointId,
    state: 'failed',
    type: 'invoice.paid',
    invoicePublicId: invoice?.publicId ?? '',
  } as const;
  const names = ['endpointId', 'state', 'type', 'invoicePublicId'] as const;
  for (let mask = 0; mask < 2 ** names.length; mask += 1) {
    const chosen = names.filter((_, bit) => (mask >> bit) % 2 === 1);
    const filter = Object.fromEntries(chosen.map((name) => [name, values[name]]));
    for (const after of [null, 'del_019b76daa8001f1b699e54c1']) {
      const nodes: RootOperationNode[] = [];
      const recorder: KyselyPlugin = {
        transformQuery: ({ node }) => {
          nodes.push(node);
          return node;
        },
        transformResult: ({ result }) => Promise.resolve(result),
      };
      const store = { ...core.store, read: core.store.read.withPlugin(recorder) };
      await listDeliveries({ store }, { caller: core.caller, filter, after, limit: 10 });
      for (const node of nodes) {
        const executor = core.store.read.getExecutor();
        const { sql, parameters } = executor.compileQuery(node, { queryId: 'plan' });
        const { rows } = await core.store.read.executeQuery(
          CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
        );
        for (const { detail } of z.array(Step).parse(rows)) {
          expect(detail).toMatch(
            /^SEARCH (?:(?:deliveries|endpoints) USING INDEX|projects USING INTEGER PRIMARY KEY)/,
          );
        }
      }
    }
  }
});
