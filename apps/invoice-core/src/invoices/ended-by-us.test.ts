import { DomainError } from '@quittance/rpc';
import { describe, expect, test } from 'vitest';
import { type AskedCore, openAsked } from '../checkouts/checkouts-under-test.ts';
import { nextPollAt } from './poll-times.ts';
import { verifyLedger } from './verify-ledger.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** When the provider is asked about the invoice, in ms since now. */
const questionsOf = ({ telegram, clock }: AskedCore): number[] => {
  const start = clock.now();
  const asked: number[] = [];
  const { find } = telegram.provider;
  telegram.provider.find = (input) => {
    asked.push(clock.now() - start);
    return find(input);
  };
  return asked;
};

const goOn = async ({ app, clock }: AskedCore, ms: number, step: number): Promise<void> => {
  for (let gone = 0; gone < ms; gone += step) {
    clock.advance(step);
    await app.work();
    await app.work();
  }
};

const cancel = ({ app, caller }: AskedCore) =>
  app.core.invoices.cancel({ caller, id: 1, idempotencyKey: null });

test('a provider that says how often it is to be asked is asked so often, and less about what is old', () => {
  const ability = { webhookAuthenticated: true, pace: null, pollMs: 30_000 };
  expect(nextPollAt(ability, { since: 0, now: 0 })).toBe(30_000);
  expect(nextPollAt(ability, { since: 0, now: 4 * minute })).toBe(4 * minute + 30_000);
  expect(nextPollAt(ability, { since: 0, now: 8 * hour })).toBe(9 * hour);
});

test('an invoice is asked about at that pace from the first', async () => {
  await using core = await openAsked({}, { flow: 'telegram.bots_business' });
  const asked = questionsOf(core);
  await goOn(core, 2 * minute, 10_000);
  expect(asked).toEqual([30_000, 60_000, 90_000, 120_000]);
});

describe('what only we can end', () => {
  const watched = { watchMs: day };

  test('ends at its time without the provider being asked to', async () => {
    await using core = await openAsked({}, watched);
    let acts = 0;
    core.telegram.provider.act = () => {
      acts += 1;
      return Promise.reject(new DomainError('provider_refused', 'It ends nothing'));
    };
    await goOn(core, 2 * hour, 10 * minute);
    expect(await core.get()).toMatchObject({ status: 'expired' });
    expect(acts).toBe(0);
    expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
  });

  test('is canceled by us alone', async () => {
    await using core = await openAsked({}, watched);
    expect(await cancel(core)).toMatchObject({ status: 'canceled' });
    const { acts } = await core.app.core.invoices.explain({ caller: core.caller, id: 1 });
    expect(acts).toMatchObject([{ kind: 'close', state: 'done' }]);
  });

  test('has expired when its time is over, and is not canceled any more', async () => {
    await using core = await openAsked({}, watched);
    core.clock.advance(hour);
    expect(await cancel(core)).toMatchObject({ status: 'expired' });
    await core.app.work();
    expect(await core.get()).toMatchObject({ status: 'expired' });
    const { acts } = await core.app.core.invoices.explain({ caller: core.caller, id: 1 });
    expect(acts).toMatchObject([{ kind: 'expire', state: 'done' }]);
    expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
  });

  test('is asked about right at its end and for as long afterwards as it can be paid, then no more', async () => {
    await using core = await openAsked({}, watched);
    const asked = questionsOf(core);
    await goOn(core, hour + day + hour, minute);
    expect(asked).toContain(hour);
    expect(asked.at(-1)).toBeGreaterThan(hour + day / 2);
    expect(asked.at(-1)).toBeLessThan(hour + day);
    const gaps = asked.slice(1).map((ms, n) => ms - (asked[n] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(3 * hour + minute);
    expect(asked.length).toBeLessThan(60);
    expect(await core.store.read.selectFrom('jobs').select('kind').execute()).toEqual([]);
  }, 60_000);

  test('and was made long before is asked about as often after its end', async () => {
    await using core = await openAsked({}, watched);
    const { app, caller } = core;
    const expiry = { kind: 'in', seconds: (40 * day) / 1000 } as const;
    const { id, providerRef } = await app.core.invoices.create(core.telegramInvoice({ expiry }));
    await goOn(core, 40 * day, day);
    expect(await app.core.invoices.get({ caller, id, at: null })).toMatchObject({
      status: 'expired',
    });
    core.clock.advance(1);
    await core.telegram.pay(providerRef ?? '');
    await goOn(core, hour, 10 * minute);
    expect(await app.core.invoices.get({ caller, id, at: null })).toMatchObject({
      status: 'paid',
      exception: 'late',
    });
  });

  test('and paid after its cancel, of which no webhook told, is found at once and late', async () => {
    await using core = await openAsked({}, watched);
    await cancel(core);
    core.clock.advance(1);
    await core.telegram.pay(core.ref, { charge: 'charge' });
    await core.app.work();
    expect(await core.get()).toMatchObject({
      status: 'paid',
      exception: 'late',
      payments: [{ ref: 'charge', late: true }],
    });
  });

  test('and cannot be paid afterwards is asked about no more', async () => {
    await using core = await openAsked();
    await cancel(core);
    const asked = questionsOf(core);
    await goOn(core, day, hour);
    expect(asked).toEqual([]);
    expect(await core.store.read.selectFrom('jobs').select('kind').execute()).toEqual([]);
  });
});

test('a look that finds what is known already changes nothing', async () => {
  await using core = await openAsked({}, { watchMs: day });
  await core.telegram.pay(core.ref, { money: { amount: 40, currency: 'XTR' } });
  await core.tell();
  const known = await core.get();
  const asked = questionsOf(core);
  core.clock.advance(15 * minute);
  await core.app.work();
  expect(asked).toHaveLength(1);
  expect(await core.get()).toEqual(known);
});

test('all that a look finds is kept, also a payment and its refund at once, and what a webhook told before is no news', async () => {
  await using core = await openAsked({}, { watchMs: day });
  await core.telegram.pay(core.ref, { charge: 'c1' });
  const money = { amount: 100, currency: 'XTR' };
  const payment = { ref: 'c1', payer: 'grace' };
  await core.telegram.provider.refund({
    ref: core.ref,
    payment,
    key: 'elsewhere',
    money,
    mayBeDone: false,
  });
  core.clock.advance(15 * minute);
  await core.app.work();
  expect(await core.get()).toMatchObject({ status: 'refunded', received: 100, refunded: 100 });
  const events = async () => core.app.core.invoices.events({ caller: core.caller, id: 1 });
  expect((await events()).map(({ type }) => type)).toEqual([
    'invoice.created',
    'invoice.opened',
    'invoice.paid',
    'invoice.refunded',
  ]);
  await core.tell();
  expect(await events()).toHaveLength(4);
  expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
});
