import type { InvoiceStatus, ListEverywhere } from '@quittance/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CoreUnderTest, openCore, stripeInvoice } from '../core-under-test.ts';
import type { Store } from '../store/store.ts';
import { listEverywhere } from './list-everywhere.ts';
import {
  filterOf,
  flow,
  insertAccounts,
  insertMade,
  type Made,
  made,
  type MadeInvoice,
  naively,
  wanted,
} from './list-everywhere-under-test.ts';
import { openStore } from './list-under-test.ts';

const startMs = Date.UTC(2026, 0, 1);
const numRuns = process.env.QUITTANCE_DEEP === undefined ? 60 : 2000;
const spanMs = 30;

type Filter = ListEverywhere['filter'];

const list = ({ app }: CoreUnderTest, filter: Filter = {}, page = 1, limit = 50) =>
  app.core.everywhere.list({ flow, filter, page, limit });

/** The public ids of all pages and what each page said that there are. */
const walk = async (
  { store, filter, limit }: { store: Store; filter: Filter; limit: number },
  mergedUpTo?: number,
): Promise<{ ids: string[]; counts: Set<number> }> => {
  const ids: string[] = [];
  const counts = new Set<number>();
  for (let page = 1; ; page += 1) {
    const { invoices, count } = await listEverywhere(
      { store },
      { flow, filter, page, limit },
      mergedUpTo,
    );
    counts.add(count);
    if (invoices.length === 0) return { ids, counts };
    expect(invoices.length).toBeLessThanOrEqual(limit);
    ids.push(...invoices.map(({ invoice }) => invoice.publicId));
  }
};

test('all pages together are what a look at each invoice finds', { timeout: 300_000 }, async () => {
  await using core = await openStore();
  const { store } = core;
  const stored: MadeInvoice[] = [];
  await fc.assert(
    fc
      .asyncProperty(
        fc.array(made(spanMs), { maxLength: 40 }),
        fc.array(wanted(spanMs), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 20 }),
        // Shallow, so that these few invoices take every way that a million would.
        fc.constantFrom(0, 5, 1000),
        async (invoices, wants, limit, mergedUpTo) => {
          const owners = await insertAccounts(store, startMs);
          for (const one of invoices) {
            stored.push(await insertMade(store, owners, { one, startMs }));
          }
          for (const want of wants) {
            const filter = await filterOf(store, owners, { want, startMs });
            const expected = naively(stored, want);
            const { ids, counts } = await walk({ store, filter, limit }, mergedUpTo);
            expect(ids).toEqual(expected);
            expect([...counts]).toEqual([expected.length]);
          }
        },
      )
      .afterEach(async () => {
        stored.length = 0;
        await store.write(async (tx) => {
          await tx.deleteFrom('invoices').execute();
        });
      }),
    { numRuns },
  );
});

const base: Made = { account: 0, user: 0, ms: 0, status: 'pending', flow, opened: true };

const insertAll = async (
  { store }: CoreUnderTest,
  changes: readonly Partial<Made>[],
): Promise<MadeInvoice[]> => {
  const owners = await insertAccounts(store, startMs);
  const all: MadeInvoice[] = [];
  for (const change of changes) {
    all.push(await insertMade(store, owners, { one: { ...base, ...change }, startMs }));
  }
  return all;
};

const idsOf = async (listed: ReturnType<typeof list>): Promise<string[]> =>
  (await listed).invoices.map(({ invoice }) => invoice.publicId);

test('invoices of every account, newest first, each with its user', async () => {
  await using core = await openCore();
  const all = await insertAll(core, [
    { ms: 0 },
    { ms: 1, account: 1, user: 2 },
    { ms: 2, user: 1 },
  ]);
  const { invoices, count } = await list(core);
  expect(count).toBe(3);
  expect(invoices.map(({ invoice }) => invoice.publicId)).toEqual(
    all.map(({ publicId }) => publicId).toReversed(),
  );
  expect(invoices.map(({ user }) => user.name)).toEqual(['Bob', 'Cyd', 'Ada']);
  for (const { invoice, user } of invoices) {
    const { invoices: own } = await list(core, { userPublicId: user.publicId });
    expect(own.map((one) => one.invoice.userId)).toEqual([invoice.userId]);
    expect(invoice.providerData).toBe(JSON.stringify({ of: invoice.publicId }));
  }
});

test('only what the flow has made, and its provider has', async () => {
  await using core = await openCore();
  const { invoices } = core.app.core;
  const opened = await invoices.create(core.invoice({ options: stripeInvoice() }));
  await invoices.create(core.invoice());
  await core.psp.failNextOpen('refused');
  await expect(invoices.create(core.invoice({ options: stripeInvoice() }))).rejects.toThrow(
    'small',
  );
  await core.psp.failNextOpen('lost_answer');
  await expect(invoices.create(core.invoice({ options: stripeInvoice() }))).rejects.toThrow();
  const { invoices: found, count } = await list(core);
  expect(found).toEqual([{ invoice: opened, user: { publicId: expect.any(String), name: 'Ada' } }]);
  expect(count).toBe(1);
});

test('several statuses are merged in order, and one that is named twice counts once', async () => {
  await using core = await openCore();
  const statuses: InvoiceStatus[] = ['paid', 'draft', 'pending', 'paid', 'canceled', 'draft'];
  const all = await insertAll(
    core,
    statuses.map((status, ms) => ({ status, ms })),
  );
  const newest = all.toReversed();
  const filter: Filter = { statuses: ['paid', 'draft', 'paid'] };
  const expected = newest.filter(({ status }) => status === 'paid' || status === 'draft');
  expect(await idsOf(list(core, filter))).toEqual(expected.map(({ publicId }) => publicId));
  expect((await list(core, filter)).count).toBe(4);
  expect(await idsOf(list(core, filter, 2, 3))).toEqual([expected[3]?.publicId]);
});

test('created from is inclusive, to exclusive', async () => {
  await using core = await openCore();
  const all = await insertAll(core, [{ ms: 0 }, { ms: 1 }, { ms: 2 }, { ms: 3 }]);
  const iso = (ms: number): string => new Date(startMs + ms).toISOString();
  const ids = await idsOf(list(core, { createdFrom: iso(1), createdTo: iso(3) }));
  expect(ids).toEqual([all[2]?.publicId, all[1]?.publicId]);
  expect((await list(core, { createdFrom: iso(4) })).count).toBe(0);
  expect((await list(core, { createdFrom: iso(3), createdTo: iso(1) })).count).toBe(0);
});

test('a page behind the last has none, and still says how many there are', async () => {
  await using core = await openCore();
  await insertAll(core, [{ ms: 0 }, { ms: 1 }]);
  expect(await list(core, {}, 2, 2)).toEqual({ invoices: [], count: 2 });
  expect(await list(core, {}, Number.MAX_SAFE_INTEGER, 200)).toEqual({ invoices: [], count: 2 });
});

test('nobody has that public id: none', async () => {
  await using core = await openCore();
  await insertAll(core, [{ ms: 0 }]);
  expect(await list(core, { userPublicId: 'f'.repeat(24) })).toEqual({ invoices: [], count: 0 });
});

test('one is found by our id and by the provider’s, with its user', async () => {
  await using core = await openCore();
  const [one] = await insertAll(core, [{ account: 1, user: 1 }]);
  const publicId = one?.publicId ?? '';
  const { find } = core.app.core.everywhere;
  const { invoices } = await list(core);
  expect(invoices).toHaveLength(1);
  expect(await find({ flow, id: { by: 'publicId', publicId } })).toEqual(invoices[0]);
  expect(await find({ flow, id: { by: 'providerRef', ref: `in_${publicId}` } })).toEqual(
    invoices[0],
  );
});

test.each<Partial<Made>>([{ flow: 'stripe.payment_intent' }, { opened: false }])(
  'what no list has is not found either: %j',
  async (change) => {
    await using core = await openCore();
    const [one] = await insertAll(core, [change]);
    const publicId = one?.publicId ?? '';
    const { find } = core.app.core.everywhere;
    for (const id of [
      { by: 'publicId', publicId },
      { by: 'providerRef', ref: `in_${publicId}` },
      { by: 'providerRef', ref: 'in_unknown' },
    ] as const) {
      await expect(find({ flow, id })).rejects.toMatchObject({ code: 'not_found' });
    }
  },
);
