import type { RawWebhook } from '@quittance/contracts';
import { expect, test } from 'vitest';
import { type CoreUnderTest, openCore } from '../core-under-test.ts';

const receive = ({ app }: CoreUnderTest, webhook: RawWebhook) =>
  app.core.webhooks.receive({ provider: 'stripe', token: null, webhook });

const observationCount = async ({ store }: CoreUnderTest): Promise<number> =>
  (await store.read.selectFrom('observations').select('id').execute()).length;

const standing = async ({ app, caller }: CoreUnderTest) => {
  const { status, received } = await app.core.invoices.get({ caller, id: 1, at: null });
  const events = await app.core.invoices.events({ caller, id: 1 });
  return { status, received, events: events.map(({ type, seq }) => `${seq} ${type}`) };
};

const paidAfterDecline = {
  status: 'paid',
  received: 2050,
  events: expect.arrayContaining(['1 invoice.created', '2 invoice.opened']),
};

const declinedThenPaid = async (core: CoreUnderTest): Promise<RawWebhook[]> => {
  await core.app.core.invoices.create(core.invoice());
  core.clock.advance(1000);
  await core.psp.decline('mem_1');
  core.clock.advance(1000);
  await core.psp.pay('mem_1');
  return core.psp.webhooks('mem_1');
};

test('in order, each webhook moves the invoice once', async () => {
  await using core = await openCore();
  for (const webhook of await declinedThenPaid(core)) await receive(core, webhook);
  expect(await standing(core)).toEqual({
    ...paidAfterDecline,
    events: ['1 invoice.created', '2 invoice.opened', '3 invoice.payment_failed', '4 invoice.paid'],
  });
});

test('reordered and replayed, it ends in the same standing and is paid once', async () => {
  await using core = await openCore();
  const webhooks = await declinedThenPaid(core);
  for (const webhook of [...webhooks.toReversed(), ...webhooks]) {
    expect((await receive(core, webhook)).status).toBe(200);
  }
  expect(await standing(core)).toEqual({
    ...paidAfterDecline,
    events: ['1 invoice.created', '2 invoice.opened', '3 invoice.paid'],
  });
});

test('the same webhook many times at once counts once', async () => {
  await using core = await openCore();
  const webhooks = await declinedThenPaid(core);
  await Promise.all(
    Array.from({ length: 20 }, () => webhooks.map((webhook) => receive(core, webhook))).flat(),
  );
  expect((await standing(core)).events.filter((event) => event.includes('paid'))).toHaveLength(1);
  expect(await observationCount(core)).toBe(1 + webhooks.length);
});

test('a forged webhook is refused and leaves nothing', async () => {
  await using core = await openCore();
  const [webhook] = await declinedThenPaid(core);
  if (!webhook) throw new Error('Expected a webhook');
  const before = await observationCount(core);
  const forged = { ...webhook, body: webhook.body.replace('attempt_failed', 'canceled') };
  await expect(receive(core, forged)).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(await observationCount(core)).toBe(before);
  expect((await standing(core)).status).toBe('pending');
});

test('a webhook that overtakes the answer to the create is kept and counts when the invoice is known', async () => {
  await using core = await openCore();
  const answer = Promise.withResolvers<void>();
  const { open } = core.psp.provider;
  core.psp.provider.open = async (input) => {
    const result = await open(input);
    await core.psp.pay('mem_1');
    await answer.promise;
    return result;
  };
  const created = core.app.core.invoices.create(core.invoice());
  await expect.poll(() => core.psp.webhooks('mem_1')).toHaveLength(1);
  for (const webhook of await core.psp.webhooks('mem_1')) await receive(core, webhook);
  expect(await standing(core)).toMatchObject({ status: 'creating' });

  const then = new Date(core.clock.now()).toISOString();
  core.clock.advance(1000);
  answer.resolve();
  expect(await created).toMatchObject({ status: 'paid', received: 2050 });
  expect((await standing(core)).events).toEqual([
    '1 invoice.created',
    '2 invoice.opened',
    '3 invoice.paid',
  ]);
  const asItStood = await core.app.core.invoices.get({ caller: core.caller, id: 1, at: then });
  expect(asItStood).toMatchObject({ status: 'creating', received: 0 });
});
