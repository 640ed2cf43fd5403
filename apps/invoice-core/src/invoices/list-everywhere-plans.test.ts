import type { FindEverywhere, InvoiceStatus } from '@quittance/contracts';
import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../store/store.ts';
import { findEverywhere, listEverywhere } from './list-everywhere.ts';
import {
  filterOf,
  flow,
  insertAccounts,
  insertMade,
  made,
  type Wanted,
  wanted,
} from './list-everywhere-under-test.ts';
import { type AccountUnderTest, openStore, type StoreUnderTest } from './list-under-test.ts';
import { plansOf } from './plans-under-test.ts';

const startMs = Date.UTC(2026, 0, 1);
const invoices = 4000;
const numRuns = process.env.QUITTANCE_DEEP === undefined ? 100 : 4000;

const fill = async (store: Store): Promise<AccountUnderTest[]> => {
  const owners = await insertAccounts(store, startMs);
  const all = fc.sample(made(0), { numRuns: invoices, seed: 1 });
  await Promise.all(
    all.map((one, ms) => {
      // Most are of one status, one user and this flow: what statistics would have a planner misled by.
      const skewed = ms % 10 === 0 ? one : { ...one, account: 0, user: 0, flow, opened: true };
      const status: InvoiceStatus = ms % 5 === 0 ? one.status : 'paid';
      return insertMade(store, owners, { one: { ...skewed, status, ms }, startMs });
    }),
  );
  await insertCrowd(store, owners[0]?.accountId ?? 0);
  return owners;
};

/** So many that no statistics have a planner read them all. */
const insertCrowd = (store: Store, accountId: number): Promise<void> =>
  store.write(async (tx) => {
    const crowd = Array.from({ length: 500 }, (_, n) => ({
      public_id: `crowd${n}`,
      account_id: accountId,
      name: 'Dan',
      email: null,
      created_at: startMs,
    }));
    await tx.insertInto('users').values(crowd).execute();
  });

/** Every way that a query may read: by an index that is made for it, or one row by its id. */
const allowed = [
  /^SEARCH invoices USING (COVERING )?INDEX invoices_everywhere \(flow=\? AND public_id>\? AND public_id<\?\)$/,
  /^SEARCH invoices USING (COVERING )?INDEX invoices_everywhere_by_(status|user) \(flow=\? AND (status|user_id)=\? AND public_id>\? AND public_id<\?\)$/,
  /^SEARCH invoices USING INDEX sqlite_autoindex_invoices_1 \(public_id=\?\)$/,
  /^SEARCH invoices USING INDEX sqlite_autoindex_invoices_2 \(provider=\? AND provider_ref=\?\)$/,
  /^SEARCH users USING (COVERING )?INDEX sqlite_autoindex_users_1 \(public_id=\?\)$/,
  /^SEARCH (users|observations) USING INTEGER PRIMARY KEY \(rowid=\?\)$/,
  // What was created in a time so short that it is read whole, by statistics that know.
  /^SEARCH invoices USING INDEX sqlite_autoindex_invoices_1 \(public_id>\? AND public_id<\?\)$/,
  // What is counted is walked once more as it comes.
  /^(CO-ROUTINE|SCAN) walked$/,
];

const any: Wanted = { statuses: null, user: null, from: null, to: null };
const someone = { account: 0, user: 0 };

const lists: [Partial<Wanted>, string][] = [
  [{}, 'invoices_everywhere'],
  [{ from: 1000, to: 3000 }, 'invoices_everywhere'],
  [{ statuses: ['paid'] }, 'invoices_everywhere_by_status'],
  [{ statuses: ['draft'] }, 'invoices_everywhere_by_status'],
  [{ statuses: ['draft', 'paid', 'failed'] }, 'invoices_everywhere_by_status'],
  [{ statuses: ['paid'], from: 1000 }, 'invoices_everywhere_by_status'],
  [{ user: someone }, 'invoices_everywhere_by_user'],
  [{ user: { account: 1, user: 2 } }, 'invoices_everywhere_by_user'],
  [{ user: someone, statuses: ['paid', 'draft'] }, 'invoices_everywhere_by_user'],
];

describe.each(['never', 'just'])('statistics %s gathered', (statistics) => {
  let core: StoreUnderTest;
  let store: Store;
  let owners: AccountUnderTest[];

  beforeAll(async () => {
    core = await openStore();
    owners = await fill(core.store);
    store = core.store;
    if (statistics === 'just') {
      await store.write(async (tx) => void (await sql`analyze`.execute(tx)));
      store = await core.reopen();
    }
    return () => core[Symbol.asyncDispose]();
  });

  const expectIndexed = async (want: Wanted): Promise<string[]> => {
    const filter = await filterOf(store, owners, { want, startMs });
    const all: string[] = [];
    for (const page of [1, 3]) {
      const plans = await plansOf(store, (recorded) =>
        // Behind the 60th, statuses are no longer merged.
        listEverywhere({ store: { ...store, ...recorded } }, { flow, filter, page, limit: 30 }, 60),
      );
      expect(plans.filter((step) => !allowed.some((form) => form.test(step)))).toEqual([]);
      all.push(...plans);
    }
    return all;
  };

  test.each(lists)('%j walks an index in its order', async (want, index) => {
    const plans = await expectIndexed({ ...any, ...want });
    expect(plans.some((step) => step.includes(`${index} (`))).toBe(true);
  });

  test('so does every combination', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(wanted(invoices), async (want) => {
        await expectIndexed(want);
      }),
      { numRuns },
    );
  });

  test.each<FindEverywhere['id']>([
    { by: 'publicId', publicId: 'f'.repeat(24) },
    { by: 'providerRef', ref: 'in_unknown' },
  ])('one is looked up: %j', async (id) => {
    const plans = await plansOf(store, async (recorded) => {
      const found = findEverywhere({ store: { ...store, ...recorded } }, { flow, id });
      await expect(found).rejects.toThrow('No invoice');
    });
    expect(plans.filter((step) => !allowed.some((form) => form.test(step)))).toEqual([]);
    expect(plans).not.toEqual([]);
  });
});
