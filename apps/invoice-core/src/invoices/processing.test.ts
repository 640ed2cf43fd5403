import { describe, expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';
import { hourMs, minuteMs, openHinted } from './hinted-under-test.ts';
import { verifyLedger } from './verify-ledger.ts';

const untoldMs = 6 * minuteMs;
const pace = { everyMs: 1100, patienceMs: 15_000 };

describe('what a payment is worth that nobody has told of yet', () => {
  const told = { status: 'partially_paid', exception: 'partial', received: 2000 };

  test('is what the webhook says that comes before we ask', async () => {
    await using core = await openHinted({ pace, untoldMs });
    await core.bitsby.pay('hint_1', { ref: 'pay_1', value: 2000 });
    await core.tell();
    await core.goOn(hourMs);
    expect(await core.get()).toMatchObject(told);
  });

  test('is what the webhook says that comes after we asked', async () => {
    await using core = await openHinted({ pace, untoldMs });
    await core.bitsby.pay('hint_1', { ref: 'pay_1', value: 2000 });
    await core.goOn(5 * minuteMs);
    expect(await core.get()).toMatchObject({ status: 'processing', received: 0 });
    await core.tell();
    await core.goOn(minuteMs);
    expect(await core.get()).toMatchObject(told);
    await core.goOn(hourMs);
    expect(await core.get()).toMatchObject(told);
  });

  test('is asked about every minute until it is known', async () => {
    await using core = await openHinted({ pace, untoldMs });
    await core.goOn(5 * minuteMs);
    await core.bitsby.pay('hint_1', { ref: 'pay_1', value: 2000 });
    await core.goOn(20 * minuteMs);
    expect(core.asked.map(({ ms }) => ms / minuteMs)).toEqual([5, 10, 11]);
    expect(await core.get()).toMatchObject({ status: 'paid', received: 2050 });
    const events = await core.app.core.invoices.events({ caller: core.caller, id: 1 });
    expect(events.map(({ type }) => type).slice(2)).toEqual(['invoice.processing', 'invoice.paid']);
  });

  test('keeps the invoice from expiring by our clock before it is known', async () => {
    await using core = await openHinted({ pace, untoldMs: 20 * minuteMs });
    await core.goOn(50 * minuteMs);
    await core.bitsby.pay('hint_1', { ref: 'pay_1' });
    await core.goOn(11 * minuteMs);
    expect(await core.get()).toMatchObject({ status: 'processing' });
    await core.goOn(10 * minuteMs);
    expect(await core.get()).toMatchObject({ status: 'paid', exception: 'none' });
    const events = await core.app.core.invoices.events({ caller: core.caller, id: 1 });
    expect(events.map(({ type }) => type)).not.toContain('invoice.expired');
    expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
  });
});

describe('a card payment that is on its way when its invoice ends', () => {
  const say = async (
    { app, psp, clock }: CoreUnderTest,
    id: string,
    state: 'processing' | 'attempt_failed',
  ) => {
    const at = new Date(clock.now()).toISOString();
    const facts = [{ kind: 'progress' as const, state, reason: null }];
    const webhook = psp.webhook({ id, ref: 'mem_1', at, facts });
    await app.core.webhooks.receive({ provider: 'stripe', token: null, webhook });
  };

  const openEnding = async () => {
    const core = await openCore();
    const { app, clock, caller } = core;
    await app.core.invoices.create(core.invoice({ expiry: { kind: 'in', seconds: 3600 } }));
    clock.advance(hourMs - minuteMs);
    await say(core, 'evt_1', 'processing');
    clock.advance(minuteMs);
    core.psp.provider.find = () => Promise.resolve({ observations: [], customerRef: null });
    const acts: string[] = [];
    const { act } = core.psp.provider;
    core.psp.provider.act = (input) => {
      acts.push(input.act.kind);
      return act(input);
    };
    await app.work();
    return { core, acts, get: () => app.core.invoices.get({ caller, id: 1, at: null }) };
  };

  test('is waited for, and if it succeeds it is paid, late', async () => {
    const { core, acts, get } = await openEnding();
    await using _ = core;
    const before = await get();
    expect(before).toMatchObject({ status: 'processing' });
    core.clock.advance(20 * minuteMs);
    await core.app.work();
    expect(await get()).toEqual(before);
    await core.psp.pay('mem_1');
    for (const webhook of await core.psp.webhooks('mem_1')) {
      await core.app.core.webhooks.receive({ provider: 'stripe', token: null, webhook });
    }
    expect(await get()).toMatchObject({ status: 'paid', exception: 'late' });
    core.clock.advance(hourMs);
    await core.app.work();
    expect(acts).toEqual([]);
    const jobs = await core.store.read.selectFrom('jobs').select('kind').execute();
    expect(jobs.map(({ kind }) => kind)).not.toContain('expire');
  });

  test('and fails leaves it expired, and its provider is then asked to take no more', async () => {
    const { core, acts, get } = await openEnding();
    await using _ = core;
    core.clock.advance(minuteMs);
    await say(core, 'evt_2', 'attempt_failed');
    expect(await get()).toMatchObject({ status: 'expired' });
    core.clock.advance(15 * minuteMs);
    await core.app.work();
    core.clock.advance(minuteMs);
    await core.app.work();
    expect(acts).toEqual(['cancel']);
    const events = await core.app.core.invoices.events({ caller: core.caller, id: 1 });
    expect(events.map(({ type }) => type)).toContain('invoice.expired');
    expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
  });
});
