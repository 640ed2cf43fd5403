import type { Invoice, InvoiceFilter } from '@quittance/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Store } from '../store/store.ts';
import { listInvoices } from './list-invoices.ts';
import {
  type AccountUnderTest,
  filterOf,
  insertAccount,
  insertInvoice,
  likeness,
  naively,
  openStore,
  type Stored,
  wanted,
} from './list-under-test.ts';

const startMs = Date.UTC(2026, 0, 1);
const spanMs = 30;
const newcomers = 2;
const numRuns = process.env.QUITTANCE_DEEP === undefined ? 60 : 2000;
const timeout = 300_000;

const walk = async (
  store: Store,
  {
    account,
    filter,
    limit,
    probeDepth,
  }: { account: AccountUnderTest; filter: InvoiceFilter; limit: number; probeDepth?: number },
  betweenPages: () => Promise<void> = () => Promise.resolve(),
): Promise<Invoice[]> => {
  const caller = { accountId: account.accountId, userId: account.userIds[0] ?? 0 };
  const found: Invoice[] = [];
  let after: string | null = null;
  do {
    const page = await listInvoices({ store }, { caller, filter, after, limit }, probeDepth);
    expect(page.invoices.length).toBeLessThanOrEqual(limit);
    if (page.next !== null) expect(page.next).toBe(page.invoices.at(-1)?.publicId);
    found.push(...page.invoices);
    after = page.next;
    await betweenPages();
  } while (after !== null);
  return found;
};

test(
  'all pages together are what a look at each invoice finds, also while new ones come',
  { timeout },
  async () => {
    await using core = await openStore();
    const { store } = core;
    const made = fc.record({
      account: fc.nat({ max: 1 }),
      ms: fc.nat({ max: spanMs }),
      like: likeness,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(made, { maxLength: 40 }),
        fc.array(wanted(spanMs), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 20 }),
        // Shallow, so that these few invoices take every way that a million would.
        fc.constantFrom(1, 3, 10, 1000),
        likeness,
        async (invoices, wants, limit, probeDepth, newcomer) => {
          const accounts = [
            await insertAccount(store, startMs),
            await insertAccount(store, startMs),
          ];
          const stored: Stored[][] = [[], []];
          await Promise.all(
            invoices.map(async ({ account, ms, like }) => {
              const owner = accounts[account];
              if (!owner) return;
              const createdAt = startMs + ms;
              stored[account]?.push(await insertInvoice(store, owner, { like, createdAt }));
            }),
          );
          for (const [index, account] of accounts.entries()) {
            const own = stored[index] ?? [];
            let nowMs = startMs + spanMs;
            for (const want of wants) {
              const filter = filterOf(want, account, startMs);
              const expected = naively(own, want, startMs);
              const found = await walk(store, { account, filter, limit, probeDepth }, async () => {
                if (nowMs === startMs + spanMs + newcomers) return;
                nowMs += 1;
                const late = { like: newcomer, createdAt: nowMs };
                own.push(await insertInvoice(store, account, late));
              });
              expect(found.map(({ publicId }) => publicId)).toEqual(expected);
              expect(found.every(({ accountId }) => accountId === account.accountId)).toBe(true);
            }
          }
        },
      ),
      { numRuns },
    );
  },
);

test('each invoice of a page has its own object of the provider', async () => {
  await using core = await openStore();
  const account = await insertAccount(core.store, startMs);
  const like = { user: 0, status: 0, item: 0, words: null };
  for (let amount = 0; amount < 10; amount += 1) {
    await insertInvoice(core.store, account, { like: { ...like, amount }, createdAt: startMs });
  }
  const invoices = await walk(core.store, { account, filter: {}, limit: 3 });
  expect(invoices).toHaveLength(10);
  for (const { amount, publicId, providerData } of invoices) {
    expect(providerData).toBe(amount % 2 === 0 ? JSON.stringify({ of: publicId }) : null);
  }
});

test.each([
  ['flight', 1],
  ['Zurich flight', 1],
  ['fligh', 0],
  ['!', 1],
  [Array.from({ length: 127 }, (_, n) => String.fromCodePoint(0x4e00 + n)).join(' '), 0],
])('text %j finds %i', async (text, count) => {
  await using core = await openStore();
  const account = await insertAccount(core.store, startMs);
  const words = [
    { word: 0, spelling: 0 },
    { word: 5, spelling: 1 },
  ];
  const like = { user: 0, status: 0, item: 0, amount: 1, words };
  await insertInvoice(core.store, account, { like, createdAt: startMs });
  expect(await walk(core.store, { account, filter: { text }, limit: 5 })).toHaveLength(count);
});
