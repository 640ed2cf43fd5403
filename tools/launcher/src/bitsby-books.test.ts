import { join } from 'node:path';
import { CanonicalEndpointWithSecret, type CanonicalInvoice } from '@quittance/contracts/canonical';
import { openSqliteStore, verifyLedger } from '@quittance/invoice-core/app';
import { parseJson } from '@quittance/rpc';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { bitsbyBooks, hubBooks, inOrder, madeBySides } from './bitsby-books-under-test.ts';
import {
  type Evidence,
  evidenceOf,
  ourLine,
  textsOf,
  theirLine,
  unfounded,
} from './bitsby-lines-under-test.ts';
import { liveHour, openShopOfSeed } from './bitsby-shop-under-test.ts';
import { atBitsby, openShop } from './bitsby-under-test.ts';
import { advance, control, minutes } from './faulty-hub-under-test.ts';
import { openHub } from './hub-under-test.ts';
import { askOf } from './webhooks-under-test.ts';

/** 50 in `npm run test:deep`, a quick sample otherwise. */
const seeds = Array.from(
  { length: process.env['QUITTANCE_DEEP'] === undefined ? 2 : 50 },
  (_, n) => 1 + n,
);
const hours = 24;

const faultsOf = (seed: number) => ({
  seed,
  webhook_delay_ms: 50,
  probabilities: {
    webhook_duplicate: 0.2,
    webhook_reorder: 0.2,
    webhook_delay: 0.1,
    webhook_drop: 0.2,
    rate_limit: 0.04,
    server_error: 0.04,
    server_error_after: 0.04,
    drop_before: 0.03,
    drop_after: 0.03,
    hang_after: 0.02,
  },
});

const Told = z.object({
  invoice: z.object({ id: z.string(), serviceData: z.string().nullable() }),
});

const seen = new Set<string>();

/** Notes what a history had in it, so that one in which nothing happens proves nothing. */
const seeAll = (invoices: readonly CanonicalInvoice[], evidence: Map<string, Evidence>): void => {
  for (const { status, exception, providerRef, received } of invoices) {
    seen.add(status).add(exception);
    const isHinted = evidence.get(providerRef ?? '')?.isHinted === true;
    if (received > 0) seen.add(isHinted ? 'told by webhook' : 'found by asking');
  }
};

test.each(seeds)(
  'with faults of seed %i, our books are those of Bitsby, and the shop is told of each payment once',
  async (seed) => {
    await using hub = await openHub('in one process', {
      BITSBY_PACE_MS: '10',
      BITSBY_PATIENCE_MS: '700',
      BITSBY_TIMEOUT_MS: '300',
      BITSBY_DOUBT_MS: '0',
    });
    await using receiver = await openShop();
    const ask = askOf(hub);
    const terms = { url: receiver.url, projectId: hub.demo.projectId, format: 'bitsby' };
    const { body } = await ask('POST', '/v1/webhook-endpoints', terms);
    receiver.verifyWith(CanonicalEndpointWithSecret.parse(body).secret);
    await atBitsby(hub, 'PUT', '/settings', { rateLimit: false });
    const shop = await openShopOfSeed(hub, seed);

    await control(hub, 'faults', 'PUT', faultsOf(seed));
    for (let hour = 0; hour < hours; hour += 1) await liveHour(shop);
    await control(hub, 'faults', 'DELETE');

    const differences = async () => {
      await advance(hub, 11 * minutes);
      const [theirs, ours] = [await bitsbyBooks(hub), await hubBooks(hub)];
      const evidence = await evidenceOf(hub);
      const [theirLines, ourLines] = [
        textsOf(theirs.map((entry) => theirLine(entry, evidence.get(entry.invoice.id)))),
        textsOf(ours.filter(({ status }) => status !== 'failed').map(ourLine)),
      ];
      const paid = ours.filter(({ status }) => status === 'paid');
      return {
        onlyTheirs: theirLines.filter((line) => !ourLines.includes(line)),
        onlyOurs: ourLines.filter((line) => !theirLines.includes(line)),
        toTell: paid.length - receiver.bodies.length,
      };
    };
    await expect
      .poll(differences, { timeout: 60_000, interval: 300 })
      .toEqual({ onlyTheirs: [], onlyOurs: [], toTell: 0 });

    const { atHub, atBitsby: theirs } = await madeBySides(hub);
    expect(atHub.filter(({ ref }) => ref !== null)).toEqual(theirs);
    expect(new Set(theirs.map(({ key }) => key)).size).toBe(theirs.length);

    const evidence = await evidenceOf(hub);
    expect(unfounded(await bitsbyBooks(hub), evidence)).toEqual([]);

    const ours = await hubBooks(hub);
    seeAll(ours, evidence);
    expect(receiver.problems).toEqual([]);
    const told = receiver.bodies.map((text) => Told.parse(parseJson(text)).invoice);
    const paid = ours.filter(({ status }) => status === 'paid');
    expect(inOrder(told.map(({ id, serviceData }) => [id, serviceData]))).toEqual(
      inOrder(paid.map(({ providerRef, payload }) => [providerRef, payload])),
    );

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

test('those histories had everything in them', () => {
  const statuses = ['paid', 'expired', 'canceled', 'failed'];
  const exceptions = ['none', 'over', 'partial', 'late'];
  const sources = ['told by webhook', 'found by asking'];
  const all = [...statuses, ...exceptions, ...sources];
  expect(all.filter((what) => !seen.has(what))).toEqual([]);
});
