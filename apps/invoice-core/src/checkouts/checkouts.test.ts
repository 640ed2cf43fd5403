import { describe, expect, test } from 'vitest';
import { verifyLedger } from '../invoices/verify-ledger.ts';
import { type AskedCore, openAsked } from './checkouts-under-test.ts';

const minute = 60_000;
const hour = 60 * minute;

const stored = async ({ store }: AskedCore): Promise<unknown[]> =>
  Promise.all(
    (['checkouts', 'observations', 'events', 'jobs', 'acts'] as const).map((table) =>
      store.read.selectFrom(table).selectAll().execute(),
    ),
  );

const cancel = ({ app, caller }: AskedCore, idempotencyKey: string | null = null) =>
  app.core.invoices.cancel({ caller, id: 1, idempotencyKey });

const booksAreRight = async ({ store }: AskedCore): Promise<void> => {
  expect((await verifyLedger(store.read)).discrepancies).toEqual([]);
};

describe('the answer to a payer', () => {
  test('is durable before it is given, and is no event', async () => {
    await using core = await openAsked();
    const [, ...before] = await stored(core);
    expect(await core.ask()).toBe('accept');
    const [checkouts, ...after] = await stored(core);
    expect(checkouts).toEqual([
      { invoice_id: 1, question_id: 'question_1', payer: 'grace', accepted_at: core.clock.now() },
    ]);
    expect(after).toEqual(before);
    await core.telegram.pay(core.ref, { charge: 'charge' });
    await core.tell();
    expect(await core.get()).toMatchObject({
      status: 'paid',
      exception: 'none',
      payments: [{ ref: 'charge', payer: 'grace' }],
    });
    await booksAreRight(core);
  });

  test('waits for the commit', async () => {
    await using core = await openAsked();
    const held = Promise.withResolvers<void>();
    const app = await core.restart({
      store: {
        ...core.store,
        write: async (unit) => {
          const done = await core.store.write(unit);
          await held.promise;
          return done;
        },
        close: () => Promise.resolve(),
      },
    });
    let answer: string | undefined;
    const asked = core.ask({}, app).then((one) => (answer = one));
    await expect
      .poll(
        async () => (await core.store.read.selectFrom('checkouts').selectAll().execute()).length,
      )
      .toBe(1);
    expect(answer).toBeUndefined();
    held.resolve();
    expect(await asked).toBe('accept');
  });

  test('is no for what was never made, of which nothing is kept', async () => {
    await using core = await openAsked();
    const before = await stored(core);
    expect(await core.ask({ ref: 'invoice-0000000000000000' })).toBe('unknown');
    expect(await core.ask({ ref: '' })).toBe('unknown');
    expect(await stored(core)).toEqual(before);
  });

  test('is no for what belongs to the sandbox where the hub is live', async () => {
    await using core = await openAsked();
    const live = await core.restart({ sandbox: false });
    expect(await core.ask({}, live)).toBe('unknown');
    expect(await core.ask()).toBe('accept');
  });

  test('is no for another amount, or another currency', async () => {
    await using core = await openAsked();
    const before = await stored(core);
    expect(await core.ask({ money: { amount: 99, currency: 'XTR' } })).toBe('other_amount');
    expect(await core.ask({ money: { amount: 100, currency: 'USD' } })).toBe('other_amount');
    expect(await stored(core)).toEqual(before);
    expect(await core.ask()).toBe('accept');
  });

  test('is for what is still owed of one that is partly paid', async () => {
    await using core = await openAsked();
    await core.telegram.pay(core.ref, { money: { amount: 40, currency: 'XTR' } });
    await core.tell();
    expect(await core.get()).toMatchObject({ status: 'partially_paid', remaining: 60 });
    expect(await core.ask()).toBe('other_amount');
    expect(await core.ask({ money: { amount: 60, currency: 'XTR' } })).toBe('accept');
  });

  test('is no once it is paid, canceled or at its end, to the millisecond and without background work', async () => {
    await using core = await openAsked();
    core.clock.advance(hour - 1);
    expect(await core.ask({ id: 'q1' })).toBe('accept');
    core.clock.advance(1);
    expect(await core.ask({ id: 'q2', payer: 'grace' })).toBe('expired');
    expect(await core.get()).toMatchObject({ status: 'pending' });
    await core.app.work();
    expect(await core.ask({ id: 'q3' })).toBe('expired');

    await using other = await openAsked();
    await other.telegram.pay(other.ref);
    await other.tell();
    expect(await other.ask()).toBe('paid');

    await using third = await openAsked();
    await cancel(third);
    expect(await third.ask()).toBe('canceled');
  });
});

describe('questions', () => {
  test('of two at once one is let through, whoever asks whom', async () => {
    await using core = await openAsked();
    const other = await core.restart();
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(
        ['ada', 'grace', 'eve', 'ada'].map((payer, n) =>
          core.ask({ id: `q${round}.${n}`, payer }, n % 2 === 0 ? core.app : other),
        ),
      );
      expect(answers.toSorted()).toEqual(['accept', 'being_paid', 'being_paid', 'being_paid']);
      core.clock.advance(10 * minute);
    }
  });

  test('asked again get the same answer, also after a restart and after the money came', async () => {
    await using core = await openAsked();
    expect(await core.ask({ id: 'q1' })).toBe('accept');
    expect(await Promise.all([core.ask({ id: 'q1' }), core.ask({ id: 'q1' })])).toEqual([
      'accept',
      'accept',
    ]);
    const app = await core.restart();
    expect(await core.ask({ id: 'q1' }, app)).toBe('accept');
    expect(await core.ask({ id: 'q2', payer: 'eve' }, app)).toBe('being_paid');
    await core.telegram.pay(core.ref);
    await core.tell();
    expect(await core.ask({ id: 'q1' }, app)).toBe('accept');
    expect(await core.ask({ id: 'q2', payer: 'eve' }, app)).toBe('paid');
  });

  test('asked again hold up nobody for longer', async () => {
    await using core = await openAsked();
    expect(await core.ask({ id: 'q1', payer: 'ada' })).toBe('accept');
    core.clock.advance(9 * minute);
    expect(await core.ask({ id: 'q1', payer: 'ada' })).toBe('accept');
    core.clock.advance(minute);
    expect(await core.ask({ id: 'q2', payer: 'grace' })).toBe('accept');
  });

  test('of whomever wait ten minutes for the one that was let through', async () => {
    await using core = await openAsked();
    expect(await core.ask({ id: 'q1', payer: 'ada' })).toBe('accept');
    core.clock.advance(10 * minute - 1);
    expect(await core.ask({ id: 'q2', payer: 'ada' })).toBe('being_paid');
    core.clock.advance(1);
    expect(await core.ask({ id: 'q3', payer: 'ada' })).toBe('accept');
    core.clock.advance(10 * minute - 1);
    expect(await core.ask({ id: 'q4', payer: 'grace' })).toBe('being_paid');
    core.clock.advance(1);
    expect(await core.ask({ id: 'q5', payer: 'grace' })).toBe('accept');
  });

  test('beside the money itself are answered by whichever was stored first', async () => {
    await using core = await openAsked();
    await core.telegram.pay(core.ref);
    const [paid] = await core.telegram.webhooks(core.ref);
    if (!paid) throw new Error('Expected a webhook');
    const question = core.telegram.ask(core.ref, { id: 'q1', payer: 'eve' });
    const [, answer] = await Promise.all([core.receive(paid), core.receive(question)]);
    expect(answer).toBe('paid');

    await using other = await openAsked();
    await other.telegram.pay(other.ref);
    const [late] = await other.telegram.webhooks(other.ref);
    if (!late) throw new Error('Expected a webhook');
    expect(await Promise.all([other.ask(), other.receive(late)])).toEqual(['accept', '']);
    expect(await other.get()).toMatchObject({ status: 'paid', received: 100 });
  });

  test('need to prove where they come from', async () => {
    await using core = await openAsked();
    const before = await stored(core);
    const forged = { ...core.telegram.ask(core.ref), headers: {} };
    await expect(core.receive(forged)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await stored(core)).toEqual(before);
  });

  test('of a provider whose webhooks prove nothing let nobody through', async () => {
    await using core = await openAsked();
    const project = await core.addProject();
    const [at] = project.providers;
    const { receive } = core.telegram.provider;
    core.bitsby.provider.receive = () => receive(core.telegram.ask(core.ref));
    const reply = await core.app.core.webhooks.receive({
      provider: 'bitsby',
      token: at?.webhookToken ?? null,
      webhook: { headers: {}, body: '' },
    });
    expect(reply.body).toBe('');
    expect(await core.store.read.selectFrom('checkouts').selectAll().execute()).toEqual([]);
  });
});

describe('a payment that was let through', () => {
  test.each([
    ['accept', 'paid'],
    ['flag', 'expired'],
  ] as const)('and comes after the end is late, and by policy %s: %s', async (late, status) => {
    await using core = await openAsked();
    const { caller } = core;
    const { identities, invoices } = core.app.core;
    const tolerance = { kind: 'absolute', amount: 0 } as const;
    const policy = { tolerance, topUp: true, late };
    await identities.setPolicy({ accountId: caller.accountId, policy });
    const expiry = { kind: 'in', seconds: 60 } as const;
    const { providerRef } = await invoices.create(core.telegramInvoice({ expiry }));
    const ref = providerRef ?? '';
    core.clock.advance(59_000);
    expect(await core.receive(core.telegram.ask(ref))).toBe('accept');
    core.clock.advance(2000);
    await core.app.work();
    expect(await core.receive(core.telegram.ask(ref))).toBe('accept');
    await core.telegram.pay(ref);
    for (const webhook of await core.telegram.webhooks(ref)) await core.receive(webhook);
    const invoice = await invoices.get({ caller, id: 2, at: null });
    expect(invoice).toMatchObject({ status, exception: 'late', received: 100 });
    await booksAreRight(core);
  });

  test('keeps the merchant from canceling for as long as it may be on its way', async () => {
    await using core = await openAsked();
    expect(await core.ask({ id: 'q1' })).toBe('accept');
    await expect(cancel(core, 'k')).rejects.toMatchObject({
      code: 'conflict',
      message: 'Somebody is paying it: it can be canceled in 10 min if no money arrives',
      retryAfterMs: 10 * minute,
    });
    core.clock.advance(10 * minute - 1);
    await expect(cancel(core, 'k')).rejects.toMatchObject({ retryAfterMs: 1 });
    expect(await core.get()).toMatchObject({ status: 'pending' });
    core.clock.advance(1);
    expect(await cancel(core, 'k')).toMatchObject({ status: 'canceled' });
    expect(await core.ask({ id: 'q2' })).toBe('canceled');
    await booksAreRight(core);
  });

  test('and a cancel at once: either it is paid or it is canceled', async () => {
    await using core = await openAsked();
    const asked = core.ask();
    await expect(cancel(core)).rejects.toMatchObject({ code: 'conflict' });
    expect(await asked).toBe('accept');

    await using other = await openAsked();
    const canceled = cancel(other);
    await expect.poll(async () => (await other.get()).status).toBe('canceled');
    expect(await other.ask()).toBe('canceled');
    expect(await canceled).toMatchObject({ status: 'canceled' });
  });

  test('hinders no cancel of what had ended already', async () => {
    await using core = await openAsked();
    core.clock.advance(hour - 1);
    expect(await core.ask()).toBe('accept');
    core.clock.advance(1);
    await core.app.work();
    expect(await cancel(core)).toMatchObject({ status: 'expired' });
  });
});
