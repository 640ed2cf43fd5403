import { createHash } from 'node:crypto';
import type { RawWebhook } from '@quittance/contracts';
import { describe, expect, test } from 'vitest';
import { type HintedCore, hourMs, minuteMs, openHinted } from '../invoices/hinted-under-test.ts';
import { verifyLedger } from '../invoices/verify-ledger.ts';

const rowsOf = async ({ store }: HintedCore): Promise<unknown[]> => [
  await store.read.selectFrom('observations').selectAll().execute(),
  await store.read.selectFrom('jobs').selectAll().orderBy('kind').execute(),
];

const first = async ({ bitsby }: HintedCore): Promise<RawWebhook> => {
  const [webhook] = await bitsby.webhooks('hint_1');
  if (!webhook) throw new Error('Expected a webhook');
  return webhook;
};

describe('a webhook that proves nothing', () => {
  test('is kept as it came, and has the provider asked at once with it', async () => {
    await using core = await openHinted();
    await core.bitsby.pay('hint_1', { ref: 'pay_1' });
    expect(await core.tell()).toEqual([{ status: 200, headers: {}, body: '' }]);
    expect(await core.get()).toMatchObject({ status: 'pending', received: 0 });
    await core.app.work();
    expect(await core.get()).toMatchObject({ status: 'paid', payments: [{ ref: 'pay_1' }] });
    const { body } = await first(core);
    expect(core.asked).toMatchObject([{ ms: 0, hints: [body], isUrgent: true }]);
    const explained = await core.app.core.invoices.explain({ caller: core.caller, id: 1 });
    expect(explained.otherObservations).toMatchObject([
      { source: 'webhook', facts: [], raw: body },
    ]);
    expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
  });

  test('changes no standing by itself, whatever it says', async () => {
    await using core = await openHinted();
    const body = JSON.stringify({ ref: 'hint_1', payment: 'mine', value: 2050 });
    const { webhooks } = core.app.core;
    const said = { provider: 'bitsby', token: core.token, webhook: { headers: {}, body } } as const;
    expect((await webhooks.receive(said)).status).toBe(200);
    const before = await core.get();
    await core.app.work();
    expect(core.asked).toHaveLength(1);
    expect(await core.get()).toEqual(before);
  });

  test('is taken for what it says of money only where it fits what the provider says', async () => {
    await using core = await openHinted();
    await core.bitsby.pay('hint_1', { ref: 'pay_1', value: 2000 });
    await core.tell();
    await core.app.work();
    expect(await core.get()).toMatchObject({ status: 'partially_paid', received: 2000 });
    // It is not said again, so it has to be remembered.
    await core.goOn(10 * minuteMs);
    expect(core.asked.length).toBeGreaterThan(1);
    expect(await core.get()).toMatchObject({ status: 'partially_paid', received: 2000 });
  });

  test('that comes again is kept once, and has the provider asked once', async () => {
    await using core = await openHinted();
    await core.bitsby.pay('hint_1', { value: 2000 });
    await Promise.all([core.tell(), core.tell(), core.tell()]);
    await core.app.work();
    for (let again = 0; again < 20; again += 1) {
      await core.tell();
      await core.goOn(2000, 1000);
    }
    expect(core.asked).toHaveLength(1);
    const kept = await core.store.read
      .selectFrom('observations')
      .select(['evidence_id', 'ref'])
      .where('source', '=', 'webhook')
      .execute();
    const { body } = await first(core);
    const hash = createHash('sha256')
      .update(JSON.stringify(['hint_1', body]))
      .digest('hex');
    expect(kept).toEqual([{ evidence_id: `hint:${hash}`, ref: 'hint_1' }]);
  });

  test('about an invoice that has ended has the provider asked too, and once', async () => {
    await using core = await openHinted();
    await core.goOn(2 * hourMs, hourMs);
    expect(await core.get()).toMatchObject({ status: 'expired' });
    const { length } = core.asked;
    await core.bitsby.pay('hint_1');
    await core.tell();
    await core.app.work();
    expect(core.asked).toHaveLength(length + 1);
    expect(await core.get()).toMatchObject({ status: 'paid', exception: 'late' });
    await core.goOn(hourMs);
    expect(core.asked).toHaveLength(length + 1);
  });

  test('is not forgotten when a cancel that came too late looks first', async () => {
    await using core = await openHinted();
    const { app, caller, invoice1 } = core;
    await core.bitsby.pay('hint_1', { ref: 'pay_1', value: 2000 });
    await core.tell();
    const cancel = app.core.invoices.cancel({ caller, id: invoice1.id, idempotencyKey: null });
    await expect(cancel).rejects.toMatchObject({ code: 'conflict' });
    await app.work();
    expect(await core.get()).toMatchObject({ status: 'partially_paid', received: 2000 });
  });

  test('of several all are used, newest first', async () => {
    await using core = await openHinted();
    await core.bitsby.pay('hint_1', { ref: 'pay_1', value: 1000 });
    await core.tell();
    await core.bitsby.pay('hint_1', { ref: 'pay_2', value: 1050 });
    await core.tell();
    await core.app.work();
    const sent = await core.bitsby.webhooks('hint_1');
    const newestFirst = sent.map(({ body }) => body).toReversed();
    expect(core.asked).toMatchObject([{ hints: newestFirst }]);
    expect(await core.get()).toMatchObject({ status: 'paid', received: 2050 });
    expect((await core.get()).payments.map(({ money }) => money.amount)).toEqual([1000, 1050]);
  });

  test('is not lost when the provider does not answer, or the process dies', async () => {
    await using core = await openHinted();
    const { find } = core.bitsby.provider;
    await core.bitsby.pay('hint_1');
    await core.tell();
    core.bitsby.provider.find = () => Promise.reject(new Error('It hangs up'));
    await core.app.work();
    core.bitsby.provider.find = find;
    const again = await core.restart();
    core.clock.advance(minuteMs);
    await again.work();
    expect(await core.get()).toMatchObject({ status: 'paid' });
  });
});

describe('nothing is stored', () => {
  test.each([
    ['without a token', null],
    ['for a token that nobody has', 'x'.repeat(43)],
  ])('%s: nobody takes it', async (_, token) => {
    await using core = await openHinted();
    await core.bitsby.pay('hint_1');
    const before = await rowsOf(core);
    await expect(core.tell(token)).rejects.toMatchObject({ code: 'not_found' });
    expect(await rowsOf(core)).toEqual(before);
  });

  test('for the token of another provider, or one that was replaced', async () => {
    await using core = await openHinted();
    const { app, caller, token } = core;
    await core.bitsby.pay('hint_1');
    const stripe = await app.core.projects.create({
      caller,
      idempotencyKey: null,
      name: 'Shop',
      providers: [{ provider: 'stripe', ref: 'acct_1' }],
    });
    const before = await rowsOf(core);
    const refused = { code: 'not_found', message: 'No webhooks are taken here' };
    await expect(core.tell(stripe.providers[0]?.webhookToken)).rejects.toMatchObject(refused);
    const id = core.invoice1.projectId ?? '';
    const providers = [{ provider: 'bitsby' as const, ref: 'shop_2' }];
    await app.core.projects.update({ caller, id, providers });
    await expect(core.tell(token)).rejects.toMatchObject(refused);
    expect(await rowsOf(core)).toEqual(before);
  });

  test.each([
    ["about another project's invoice", 'hint_1', 'shop_2'],
    ['about what nobody knows', 'hint_9', 'shop_1'],
  ])('%s: it is acknowledged', async (_, ref, shop) => {
    await using core = await openHinted();
    const other = await core.addProject(shop);
    const before = await rowsOf(core);
    const body = JSON.stringify({ ref, payment: 'pay_1', value: 2050 });
    const reply = await core.app.core.webhooks.receive({
      provider: 'bitsby',
      token: other.providers[0]?.webhookToken ?? '',
      webhook: { headers: {}, body },
    });
    expect(reply.status).toBe(200);
    expect(await rowsOf(core)).toEqual(before);
  });

  test.each(['', '{', '[]', '{"ref":1}'])('of what cannot be read: %s', async (body) => {
    await using core = await openHinted();
    const before = await rowsOf(core);
    const { token } = core;
    const webhook = { headers: {}, body };
    const receive = core.app.core.webhooks.receive({ provider: 'bitsby', token, webhook });
    await expect(receive).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await rowsOf(core)).toEqual(before);
  });

  test('of evidence that an unsigned webhook claims to have', async () => {
    await using core = await openHinted();
    const before = await rowsOf(core);
    core.bitsby.provider.receive = () =>
      Promise.resolve({
        observations: [
          {
            evidenceId: 'forged',
            ref: 'hint_1',
            occurredAt: new Date(core.clock.now()).toISOString(),
            facts: [{ kind: 'progress', state: 'settled', reason: null }],
            providerData: null,
            raw: null,
          },
        ],
        hints: [],
        reply: { status: 200, headers: {}, body: '' },
      });
    await core.bitsby.pay('hint_1');
    await core.tell();
    expect(await rowsOf(core)).toEqual(before);
  });
});

test('a signed webhook that says nothing is no hint', async () => {
  await using core = await openHinted();
  const { invoices, webhooks } = core.app.core;
  await invoices.create(core.invoice());
  const at = new Date(core.clock.now()).toISOString();
  const { headers, body } = core.psp.webhook({ id: 'evt_1', ref: 'mem_1', at, facts: [] });
  await webhooks.receive({ provider: 'stripe', token: null, webhook: { headers, body } });
  const { find } = core.psp.provider;
  const hints: unknown[] = [];
  core.psp.provider.find = (input) => {
    if (input.by === 'ref') hints.push(...input.hints);
    return find(input);
  };
  await core.goOn(15 * minuteMs, 15 * minuteMs);
  expect(hints).toEqual([]);
});

test('a signed webhook needs no token, and none gets in the way of it', async () => {
  await using core = await openHinted();
  await core.app.core.invoices.create(core.invoice());
  await core.psp.pay('mem_1');
  const [webhook] = await core.psp.webhooks('mem_1');
  if (!webhook) throw new Error('Expected a webhook');
  await core.app.core.webhooks.receive({ provider: 'stripe', token: 'x', webhook });
  const { caller } = core;
  const invoice = await core.app.core.invoices.get({ caller, id: 2, at: null });
  expect(invoice).toMatchObject({ status: 'paid' });
});
