import { join } from 'node:path';
import { openSqliteStore, verifyLedger } from '@quittance/invoice-core/app';
import { expect, test } from 'vitest';
import { advance, control, faultsOf, minutes, patientStripe } from './faulty-hub-under-test.ts';
import { openHub } from './hub-under-test.ts';
import {
  type Line,
  liveDay,
  openMonth,
  ourBooks,
  theirBooks,
} from './merchant-month-under-test.ts';

/** 50 months in `npm run test:deep`, a quick sample otherwise. */
const seeds = Array.from(
  { length: process.env.QUITTANCE_DEEP === undefined ? 2 : 50 },
  (_, n) => 1 + n,
);

const sorted = (lines: readonly Line[]): string[] =>
  lines
    .map(({ disputes, ...line }) => JSON.stringify({ ...line, disputes: disputes.toSorted() }))
    .toSorted((a, b) => (a < b ? -1 : 1));

test.each(seeds)(
  'after a month of everything, with faults of seed %i, our books are those of Stripe',
  async (seed) => {
    await using hub = await openHub('in one process');
    const stripe = patientStripe(hub);
    const month = await openMonth(hub, stripe, seed);
    await control(hub, 'faults', 'PUT', faultsOf(seed));
    for (let day = 1; day <= 30; day += 1) await liveDay(month);
    await control(hub, 'faults', 'DELETE');

    const differences = async (): Promise<{ onlyTheirs: string[]; onlyOurs: string[] }> => {
      await advance(hub, 16 * minutes);
      const theirLines = await theirBooks(month);
      const [theirs, ours] = [sorted(theirLines), sorted(await ourBooks(month, theirLines))];
      return {
        onlyTheirs: theirs.filter((line) => !ours.includes(line)),
        onlyOurs: ours.filter((line) => !theirs.includes(line)),
      };
    };
    await expect
      .poll(differences, { timeout: 60_000, interval: 300 })
      .toEqual({ onlyTheirs: [], onlyOurs: [] });

    const made = await stripe.invoices.list({ limit: 100 }).autoPagingToArray({ limit: 5000 });
    const numbers = made.flatMap(({ metadata }) => metadata?.['invoice_id'] ?? []);
    expect(new Set(numbers).size).toBe(numbers.length);

    const store = await openSqliteStore(join(hub.dataDir, 'quittance.db'));
    expect((await verifyLedger(store.read)).discrepancies).toEqual([]);
    const twice = await store.read
      .selectFrom('events')
      .select(['invoice_id', 'type'])
      .where('type', 'in', ['invoice.created', 'invoice.opened', 'invoice.paid'])
      .groupBy(['invoice_id', 'type'])
      .having((eb) => eb.fn.countAll<number>(), '>', 1)
      .execute();
    const unfinished = await store.read
      .selectFrom('acts')
      .selectAll()
      .where('state', '=', 'pending')
      .execute();
    await store.close();
    expect(twice).toEqual([]);
    expect(unfinished).toEqual([]);
  },
  180_000,
);
