import { join } from 'node:path';
import type { CanonicalInvoice, CanonicalPayment } from '@quittance/contracts/canonical';
import { openSqliteStore, verifyLedger } from '@quittance/invoice-core/app';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { advance, control, minutes } from './faulty-hub-under-test.ts';
import type { HubUnderTest } from './hub-under-test.ts';
import { bothBooks, type PointsForm } from './telegram-books-under-test.ts';
import { liveAWhile, openTelegramShop, settleAll } from './telegram-shop-under-test.ts';
import { atEmulator, openTelegramHub, seen as seenBySeed } from './telegram-under-test.ts';
import { askOf, openEndpoint } from './webhooks-under-test.ts';

/** 50 in `npm run test:deep`, a quick sample otherwise. */
const seeds = Array.from(
  { length: process.env['QUITTANCE_DEEP'] === undefined ? 2 : 50 },
  (_, n) => 1 + n,
);
const steps = 40;

const faultsOf = (seed: number) => ({
  seed,
  webhook_delay_ms: 50,
  retry_after_s: 0,
  probabilities: {
    webhook_duplicate: 0.2,
    webhook_reorder: 0.2,
    webhook_delay: 0.1,
    webhook_drop: 0.15,
    webhook_bad_signature: 0.1,
    rate_limit: 0.04,
    server_error: 0.04,
    server_error_after: 0.04,
    drop_before: 0.03,
    drop_after: 0.03,
    hang_after: 0.02,
  },
});

const Clock = z.looseObject({ now: z.iso.datetime() });
const nowAt = async ({ demo }: HubUnderTest): Promise<number> => {
  const answer = await fetch(`${demo.sandboxUrl}/_sandbox/clock`);
  return Date.parse(Clock.parse(await answer.json()).now);
};

const seen = new Set<string>();

/** Notes what a history had in it, so that one in which nothing happens proves nothing. */
const note = (invoices: readonly CanonicalInvoice[]): void => {
  for (const { status, exception, currency, received } of invoices) {
    seen.add(status).add(exception);
    if (received > 0) seen.add(currency);
  }
};

/**
 * Whether somebody was let through while another payment could be on its way: within 10 minutes.
 * Telegram's times are in whole seconds.
 */
const isTooSoon = (payments: readonly CanonicalPayment[]): boolean =>
  payments.some(({ paidAt }, index) => {
    const before = payments[index - 1];
    if (!before) return false;
    const gap = Date.parse(paidAt ?? '') - Date.parse(before.paidAt ?? '');
    return !(gap >= 599_000);
  });

/** What the hub has stored that it must not have. */
const wrongInStore = async ({ dataDir }: HubUnderTest) => {
  const store = await openSqliteStore(join(dataDir, 'quittance.db'));
  const { discrepancies } = await verifyLedger(store.read);
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
  return { discrepancies, twice, unfinished };
};

test.each(seeds)(
  'with faults of seed %i, our books are those of both bots, and the shop is told of each payment once',
  async (seed) => {
    await using hub = await openTelegramHub('in one process', {
      LOG_LEVEL: 'fatal',
      TELEGRAM_TIMEOUT_MS: '300',
    });
    await using endpoint = await openEndpoint(askOf(hub), { eventTypes: ['invoice.paid'] });
    const form: PointsForm = seed % 2 === 0 ? 'documented' : 'source';
    const settings = { invoiceStatus: form, paymentGapMs: 0 };
    await atEmulator(hub, 'PUT', '/bots-business/settings', settings);
    const shop = await openTelegramShop(hub, seed);

    await control(hub, 'faults', 'PUT', faultsOf(seed));
    for (let step = 0; step < steps; step += 1) await liveAWhile(shop);
    await settleAll(shop);
    await control(hub, 'faults', 'DELETE');

    const { receiver } = endpoint;
    const told = (): Set<string> =>
      new Set(
        receiver.received.flatMap(({ event }) =>
          event.type === 'invoice.paid' ? [event.data.invoice.providerRef ?? ''] : [],
        ),
      );
    const differences = async () => {
      await advance(hub, 11 * minutes);
      const books = await bothBooks(shop, { form, now: await nowAt(hub) });
      const [ours, theirs] = [books.ours, books.theirs].map((lines) =>
        lines.map((line) => JSON.stringify(line)),
      );
      const { unfinished } = await wrongInStore(hub);
      const paid = books.theirs.filter(({ received }) => received > 0);
      return {
        onlyOurs: ours?.filter((line) => theirs?.includes(line) !== true),
        onlyTheirs: theirs?.filter((line) => ours?.includes(line) !== true),
        unclaimed: books.unclaimed,
        untold: paid.filter(({ ref }) => !told().has(ref)).length,
        unfinished,
      };
    };
    await expect
      .poll(differences, { timeout: 60_000, interval: 300 })
      .toEqual({ onlyOurs: [], onlyTheirs: [], unclaimed: [], untold: 0, unfinished: [] });

    const { invoices } = await bothBooks(shop, { form, now: await nowAt(hub) });
    note(invoices);
    expect(receiver.problems).toEqual([]);
    const paid = invoices.filter(({ received }) => received > 0);
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(paid.length);
    expect(told()).toEqual(new Set(paid.map(({ providerRef }) => providerRef)));

    const notHeld = paid.filter(({ providerRef }) => !shop.held.has(providerRef ?? ''));
    expect(notHeld.filter(({ payments }) => isTooSoon(payments))).toEqual([]);
    for (const { providerRef, payments } of invoices) {
      const { paidBy } = await seenBySeed(hub, { invoiceId: providerRef ?? '' });
      const [payer = { payer: 'Not yet paid' }] = payments.slice(-1);
      expect([providerRef, paidBy]).toEqual([providerRef, payer.payer]);
    }
    const { discrepancies, twice } = await wrongInStore(hub);
    expect([discrepancies, twice]).toEqual([[], []]);
  },
  120_000,
);

test('those histories had everything in them', () => {
  const statuses = ['paid', 'expired', 'canceled', 'pending', 'refunded'];
  const all = [...statuses, 'none', 'late', 'XTR', 'BBP'];
  expect(all.filter((what) => !seen.has(what))).toEqual([]);
});
