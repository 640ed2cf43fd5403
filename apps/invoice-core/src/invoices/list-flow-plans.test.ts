import type { InvoiceStatus } from '@quittance/contracts';
import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../store/store.ts';
import { flow, insertAccounts } from './list-everywhere-under-test.ts';
import {
  type FlowWanted,
  insertInProject,
  insertShops,
  madeInProject,
  requestOf,
  type Shop,
} from './list-flow-under-test.ts';
import { listFlow } from './list-flow.ts';
import { type AccountUnderTest, openStore } from './list-under-test.ts';
import { plansOf } from './plans-under-test.ts';

const startMs = Date.UTC(2026, 0, 1);
const invoices = 3000;

/** Every way that a query may read: by an index that is made for it, or one row by its id. */
const allowed = [
  /^SEARCH invoices USING INDEX invoices_by_flow \(\(flow,account_id,public_id\)>\(\?,\?,\?\) AND \(flow,account_id,public_id\)<\(\?,\?,\?\)\)$/,
  /^SEARCH invoices USING INDEX invoices_by_project \(\(project_id,flow,public_id\)>\(\?,\?,\?\) AND \(project_id,flow,public_id\)<\(\?,\?,\?\)\)$/,
  /^SEARCH projects USING (COVERING )?INDEX sqlite_autoindex_projects_1 \(public_id=\?\)$/,
  /^SEARCH (invoices|projects|observations) USING INTEGER PRIMARY KEY \(rowid=\?\)$/,
  /^SEARCH invoices USING COVERING INDEX sqlite_autoindex_invoices_2 \(provider=\? AND provider_ref=\?\)$/,
  /^SEARCH invoice_refs USING INDEX sqlite_autoindex_invoice_refs_1 \(provider=\? AND ref=\?\)$/,
];

const any: FlowWanted = { account: 0, project: null, statuses: null, from: null, to: null };

const lists: [Partial<FlowWanted>, string][] = [
  [{}, 'invoices_by_flow'],
  [{ from: 2990, to: 2999 }, 'invoices_by_flow'],
  [{ statuses: ['draft'] }, 'invoices_by_flow'],
  [{ statuses: ['draft', 'paid'], from: 10 }, 'invoices_by_flow'],
  [{ account: 1 }, 'invoices_by_flow'],
  [{ project: 0 }, 'invoices_by_project'],
  [{ project: 1, statuses: ['draft'] }, 'invoices_by_project'],
  [{ project: 0, from: 10, to: 20 }, 'invoices_by_project'],
];

/** So many projects that no statistics have a planner read them all. */
const insertCrowd = (store: Store, accountId: number): Promise<void> =>
  store.write(async (tx) => {
    const crowd = Array.from({ length: 500 }, (_, n) => ({
      public_id: `crowd${n}`,
      account_id: accountId,
      name: 'Shop',
      created_at: startMs,
      updated_at: startMs,
    }));
    await tx.insertInto('projects').values(crowd).execute();
  });

describe.each(['never', 'just'])('statistics %s gathered', (statistics) => {
  let store: Store;
  let owners: AccountUnderTest[];
  let shops: Shop[][];

  beforeAll(async () => {
    const core = await openStore();
    ({ store } = core);
    owners = await insertAccounts(store, startMs);
    shops = await insertShops(store, owners, startMs);
    await insertCrowd(store, owners[0]?.accountId ?? 0);
    const all = fc.sample(madeInProject(0), { numRuns: invoices, seed: 1 });
    await Promise.all(
      all.map((one, ms) => {
        // Most are of one account, flow, project and status: what statistics would have a planner misled by.
        const alike = { account: 0, user: 0, flow, opened: true, project: 0 };
        const status: InvoiceStatus = ms % 5 === 0 ? one.status : 'paid';
        const skewed = { ...one, ...(ms % 10 !== 0 && alike), status, ms };
        return insertInProject(store, owners, { one: skewed, shops, startMs });
      }),
    );
    if (statistics === 'just') {
      await store.write(async (tx) => void (await sql`analyze`.execute(tx)));
      store = await core.reopen();
    }
    return () => core[Symbol.asyncDispose]();
  });

  const plansFor = (want: Partial<FlowWanted>, offset: number, refs: string[] = []) => {
    const { filter, ...request } = requestOf(owners, { want: { ...any, ...want }, shops, startMs });
    return plansOf(store, (recorded) =>
      listFlow(
        { store: { ...store, ...recorded } },
        { ...request, filter: { ...filter, refs }, offset, limit: 30 },
      ),
    );
  };

  test.each(lists)('%j walks an index in its order', async (want, index) => {
    for (const offset of [0, 100]) {
      const plans = await plansFor(want, offset);
      expect(plans.filter((step) => !allowed.some((form) => form.test(step)))).toEqual([]);
      expect(plans.some((step) => step.includes(`${index} (`))).toBe(true);
    }
  });

  test('ids are looked up', async () => {
    const { provider_ref: ref } = await store.read
      .selectFrom('invoices')
      .select('provider_ref')
      .where('account_id', '=', owners[0]?.accountId ?? 0)
      .where('flow', '=', flow)
      .where('provider_ref', 'is not', null)
      .executeTakeFirstOrThrow();
    const plans = await plansFor({}, 0, [ref ?? '', 'unknown']);
    const found = await plansFor({}, 0, [ref ?? '']);
    expect([...plans, ...found].filter((step) => !allowed.some((form) => form.test(step)))).toEqual(
      [],
    );
    expect(found).toContain('SEARCH invoices USING INTEGER PRIMARY KEY (rowid=?)');
    expect(found.some((step) => step.includes('invoices_by_flow'))).toBe(false);
  });
});
