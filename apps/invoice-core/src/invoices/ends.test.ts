import { KnownWebhookEvent } from '@quittance/contracts/webhooks';
import { parseJson } from '@quittance/rpc';
import { describe, expect, test } from 'vitest';
import { openHinted, hourMs, minuteMs } from './hinted-under-test.ts';
import { verifyLedger } from './verify-ledger.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

describe('an invoice that its provider ends by itself', () => {
  test('expires when the provider says, and not before it said so', async () => {
    await using core = await openHinted();
    const { app, caller, clock } = core;
    const madeAt = clock.now();
    const endsAt = iso(madeAt + hourMs);
    expect(core.invoice1).toMatchObject({ status: 'pending', expiresAt: endsAt });
    expect(await core.get()).toMatchObject({ expiresAt: endsAt });
    const row = await core.store.read.selectFrom('invoices').selectAll().executeTakeFirstOrThrow();
    expect(row.expires_at).toBe(madeAt + hourMs);

    const feed = await app.core.events.feed({ caller, after: 0, limit: 10 });
    const told = await Promise.all(
      feed.map(async ({ position }) => {
        const { body } = await app.core.events.message({ caller, position });
        const message = KnownWebhookEvent.parse(parseJson(body));
        return [message.type, 'invoice' in message.data && message.data.invoice.expiresAt];
      }),
    );
    expect(told).toEqual([
      ['invoice.created', null],
      ['invoice.opened', endsAt],
    ]);
  });

  test('is as it was at any time', async () => {
    await using core = await openHinted();
    const { app, caller, clock, bitsby } = core;
    const project = await core.addProject('shop_2');
    const madeAt = clock.now();
    await bitsby.failNextOpen('unavailable');
    await expect(app.core.invoices.create(core.bitsbyInvoice(project))).rejects.toThrow('kept');
    await core.goOn(2 * minuteMs);
    const get = (at: string | null) => app.core.invoices.get({ caller, id: 2, at });
    const { expiresAt } = await get(null);
    expect(Date.parse(expiresAt ?? '')).toBeGreaterThan(madeAt + hourMs);
    expect(await get(iso(madeAt))).toMatchObject({ status: 'creating', expiresAt: null });
    expect(await get(iso(clock.now()))).toMatchObject({ status: 'pending', expiresAt });
  });

  test('is ended by us at that time, is not asked to be canceled, and is asked about right then', async () => {
    await using core = await openHinted({ pace: { everyMs: 1100, patienceMs: 15_000 } });
    const { app, bitsby, caller, clock, asked } = core;
    const { act } = bitsby.provider;
    let acts = 0;
    bitsby.provider.act = (input) => {
      acts += 1;
      return act(input);
    };
    clock.advance(hourMs - 1);
    await app.work();
    expect(await core.get()).toMatchObject({ status: 'pending' });
    const before = asked.length;
    clock.advance(1);
    await app.work();
    expect(await core.get()).toMatchObject({ status: 'expired' });
    await app.work();
    expect(asked.slice(before).map(({ ms }) => ms)).toEqual([hourMs]);
    await core.goOn(hourMs);
    const events = await app.core.invoices.events({ caller, id: 1 });
    expect(events.map(({ type }) => type)).toEqual([
      'invoice.created',
      'invoice.opened',
      'invoice.expired',
    ]);
    expect(acts).toBe(0);
    expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
  });

  test('and was paid in its last second, of which nobody told, is paid and on time', async () => {
    await using core = await openHinted({ pace: { everyMs: 1100, patienceMs: 15_000 } });
    const { app, bitsby, clock } = core;
    clock.advance(hourMs - 1000);
    await app.work();
    await bitsby.pay('hint_1');
    clock.advance(1000);
    await app.work();
    await app.work();
    expect(await core.get()).toMatchObject({ status: 'paid', exception: 'none' });
  });

  test('and was paid in time, of which we heard only later, is not late', async () => {
    await using core = await openHinted();
    const { bitsby, clock } = core;
    const paidAt = iso(clock.now() + hourMs);
    await core.goOn(2 * hourMs, hourMs);
    expect(await core.get()).toMatchObject({ status: 'expired' });
    await bitsby.pay('hint_1', { paidAt });
    await core.tell();
    await core.app.work();
    expect(await core.get()).toMatchObject({ status: 'paid', exception: 'none' });
  });

  test('and was paid after its end is late, never lost', async () => {
    await using core = await openHinted();
    const { bitsby, clock } = core;
    const paidAt = iso(clock.now() + hourMs + 1);
    await core.goOn(2 * hourMs, hourMs);
    await bitsby.pay('hint_1', { ref: 'pay_1', paidAt });
    await core.tell();
    await core.app.work();
    expect(await core.get()).toMatchObject({
      status: 'paid',
      exception: 'late',
      payments: [
        {
          ref: 'pay_1',
          late: true,
          paidAt,
          crypto: { hash: 'hash_pay_1', amount: '20.50000000', blockchain: 'tron' },
        },
      ],
    });
    const { discrepancies } = await verifyLedger(core.store.read);
    expect(discrepancies).toEqual([]);
  });

  test('that is paid is not asked about again at its end', async () => {
    await using core = await openHinted();
    await core.bitsby.pay('hint_1');
    await core.tell();
    await core.app.work();
    expect(await core.get()).toMatchObject({ status: 'paid' });
    await core.goOn(3 * hourMs);
    expect(core.asked).toHaveLength(1);
  });

  test('ends when it says later that it ends', async () => {
    await using core = await openHinted();
    const { bitsby, clock } = core;
    const { find } = bitsby.provider;
    const later = clock.now() + 2 * hourMs;
    bitsby.provider.find = async (input) => {
      const found = await find(input);
      const observations = found.observations.map((one) => ({
        ...one,
        facts: one.facts.map((fact) =>
          fact.kind === 'ends'
            ? { ...fact, time: iso(later) }
            : { kind: 'progress' as const, state: 'awaiting' as const, reason: null },
        ),
      }));
      return { ...found, observations };
    };
    clock.advance(hourMs);
    await core.app.work();
    await core.app.work();
    expect(await core.get()).toMatchObject({ status: 'pending', expiresAt: iso(later) });
    await core.goOn(hourMs - minuteMs);
    expect(await core.get()).toMatchObject({ status: 'pending' });
    await core.goOn(minuteMs);
    expect(await core.get()).toMatchObject({ status: 'expired' });
    expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
  });
});

test('what is stored of its end is checked against its evidence', async () => {
  await using core = await openHinted();
  await core.store.write(async (tx) => {
    await tx.updateTable('invoices').set({ expires_at: 1 }).execute();
  });
  expect((await verifyLedger(core.store.read)).discrepancies).toEqual([
    { invoiceId: 1, field: 'expires_at', stored: 1, expected: core.clock.now() + hourMs },
  ]);
});
