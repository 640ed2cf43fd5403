import type { InvoiceFilter } from '@quittance/contracts';
import fc from 'fast-check';
import { CompiledQuery, type KyselyPlugin, type RootOperationNode, sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Store } from '../store/store.ts';
import { listInvoices } from './list-invoices.ts';
import {
  type AccountUnderTest,
  filterOf,
  insertAccount,
  insertInvoice,
  likeness,
  openStore,
  type StoreUnderTest,
  wanted,
} from './list-under-test.ts';

const startMs = Date.UTC(2026, 0, 1);
const invoices = 6000;
const numRuns = process.env.QUITTANCE_DEEP === undefined ? 100 : 4000;

const fill = async (store: Store): Promise<AccountUnderTest> => {
  const [account, ...others] = [
    await insertAccount(store, startMs),
    await insertAccount(store, startMs),
    await insertAccount(store, startMs),
  ];
  const likes = fc.sample(likeness, { numRuns: invoices, seed: 1 });
  await Promise.all(
    likes.map((like, index) => {
      // Of three accounts one has nearly all: what statistics would have a planner misled by.
      const owner = (index % 20 === 0 ? others[index % 3] : undefined) ?? account;
      // Most are of one status, most amounts are the same, some are the only ones of theirs.
      const skewed = index % 10 === 0 ? like : { ...like, status: 0, amount: 7 };
      const rare = index === 3000 ? { ...like, amount: 5000 } : skewed;
      return insertInvoice(store, owner, { like: rare, createdAt: startMs + index });
    }),
  );
  return account;
};

const Step = z.object({ detail: z.string() });

/** Every way that a query may read: by an index that begins with the account, or one row by its id. */
const allowed = [
  /^SEARCH (invoices|invoice_terms|walked) USING (COVERING )?INDEX \w+ \(account_id=\?/,
  /^SEARCH invoices USING (COVERING )?INDEX invoices_by_time \(\(account_id,public_id\)>\(\?,\?\) AND \(account_id,public_id\)<\(\?,\?\)\)$/,
  /^SEARCH invoices USING INDEX sqlite_autoindex_invoices_1 \(public_id=\?\)$/,
  /^SEARCH observations USING INTEGER PRIMARY KEY \(rowid=\?\)$/,
  /^CORRELATED SCALAR SUBQUERY \d+$/,
];

/** Lists, and gives the plan of every query that this ran. */
const plansOf = async (
  store: Store,
  account: AccountUnderTest,
  input: { filter: InvoiceFilter; after: string | null },
): Promise<string[]> => {
  const nodes: RootOperationNode[] = [];
  const recorder: KyselyPlugin = {
    transformQuery: ({ node }) => {
      nodes.push(node);
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  const recorded = { ...store, read: store.read.withPlugin(recorder) };
  const caller = { accountId: account.accountId, userId: account.userIds[0] ?? 0 };
  await listInvoices({ store: recorded }, { ...input, caller, limit: 50 });
  const plans: string[] = [];
  for (const node of nodes) {
    const query = store.read.getExecutor().compileQuery(node, { queryId: 'plan' });
    const explain = CompiledQuery.raw(`explain query plan ${query.sql}`, [...query.parameters]);
    const { rows } = await store.read.executeQuery(explain);
    plans.push(...rows.map((row) => Step.parse(row).detail));
  }
  return plans;
};

const deepId = `${(startMs + invoices / 2).toString(16).padStart(12, '0')}${'0'.repeat(12)}`;
const pages = [null, deepId];

const singles: [InvoiceFilter, string][] = [
  [{}, 'invoices_by_time'],
  [{ createdFrom: new Date(startMs + 1000).toISOString() }, 'invoices_by_time'],
  [{ createdTo: new Date(startMs + 4000).toISOString() }, 'invoices_by_time'],
  [{ status: 'paid' }, 'invoices_by_status'],
  [{ status: 'pending' }, 'invoices_by_status'],
  [{ provider: 'stripe' }, 'invoices_by_provider'],
  [{ userId: 1 }, 'invoices_by_user'],
  [{ item: { type: 'type0', id: '0' } }, 'invoices_by_item'],
  [{ minAmount: 107, maxAmount: 107 }, 'invoices_by_amount'],
  [{ minAmount: 101 }, 'invoices_by_time'],
  [{ maxAmount: 110 }, 'invoices_by_time'],
  [{ minAmount: 5000 }, 'invoices_by_amount'],
  [{ text: 'flight' }, 'invoice_terms'],
  [{ text: 'flight zurich' }, 'invoice_terms'],
  [{ text: 'nowhere' }, 'invoice_terms'],
];

describe.each(['never', 'just'])('statistics %s gathered', (statistics) => {
  let core: StoreUnderTest;
  let store: Store;
  let account: AccountUnderTest;

  beforeAll(async () => {
    core = await openStore();
    account = await fill(core.store);
    store = core.store;
    if (statistics === 'just') {
      await store.write(async (tx) => void (await sql`analyze`.execute(tx)));
      store = await core.reopen();
    }
    return () => core[Symbol.asyncDispose]();
  });

  const expectIndexed = async (filter: InvoiceFilter): Promise<string[]> => {
    const all: string[] = [];
    for (const after of pages) {
      const plans = await plansOf(store, account, { filter, after });
      expect(plans.filter((step) => !allowed.some((form) => form.test(step)))).toEqual([]);
      all.push(...plans);
    }
    return all;
  };

  test.each(singles)('%j walks an index in its order', async (filter, index) => {
    const plans = await expectIndexed(filter);
    expect(plans.some((step) => step.includes(index))).toBe(true);
  });

  test('so does every combination', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(wanted(invoices), async (want) => {
        await expectIndexed(filterOf(want, account, startMs));
      }),
      { numRuns },
    );
  });
});
