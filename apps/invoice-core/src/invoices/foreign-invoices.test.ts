import type { Fact, RawWebhook } from '@quittance/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CoreUnderTest, openCore, stripeInvoice } from '../core-under-test.ts';
import { verifyLedger } from './verify-ledger.ts';

type Said = Parameters<CoreUnderTest['psp']['webhook']>[0];

const second = (n: number): string => new Date(1_790_000_000_000 + n * 1000).toISOString();
const usd = (amount: number) => ({ amount, currency: 'USD' });
const progress = (state: Extract<Fact, { kind: 'progress' }>['state']): Fact => ({
  kind: 'progress',
  state,
  reason: null,
});

const flow = 'stripe.invoice' as const;
const foreign = { flow, customerRef: 'cus_ada', money: usd(3300), description: 'Made by hand' };
const about = { ref: 'in_1', foreign, object: { id: 'in_1' } };

const payment = {
  kind: 'payment' as const,
  ref: 'pi_1',
  money: usd(3300),
  paidAt: second(3),
  payer: null,
};

/** The life of an invoice that somebody made at the provider, as its webhooks tell it. */
const life: Said[] = [
  {
    ...about,
    id: 'e1',
    at: second(1),
    facts: [progress('draft'), { kind: 'owed', money: usd(0) }],
  },
  {
    ...about,
    id: 'e2',
    at: second(2),
    facts: [progress('awaiting'), { kind: 'owed', money: usd(3300) }],
  },
  {
    ...about,
    id: 'e3',
    at: second(3),
    facts: [
      progress('settled'),
      { kind: 'owed', money: usd(3300) },
      { kind: 'received', ref: 'in_1', money: usd(3300), paidAt: second(3) },
    ],
  },
  {
    id: 'e4',
    ref: 'in_1',
    aliases: ['pi_1'],
    at: second(3),
    facts: [payment],
  },
  {
    id: 'e5',
    ref: 'pi_1',
    at: second(4),
    facts: [{ kind: 'refund', ref: 're_1', money: usd(300), state: 'succeeded' }],
  },
  {
    id: 'e6',
    ref: 'pi_1',
    at: second(5),
    facts: [{ kind: 'dispute', ref: 'dp_1', money: usd(3000), state: 'open' }],
  },
];

const receive = ({ app }: CoreUnderTest, webhook: RawWebhook) =>
  app.core.webhooks.receive({ provider: 'stripe', token: null, webhook });

const say = async (core: CoreUnderTest, said: Said): Promise<void> => {
  await receive(core, core.psp.webhook(said));
};

const ada = {
  ref: 'cus_ada',
  userKey: null,
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  currency: 'EUR',
};

const becomeUser = ({ app, psp, caller }: CoreUnderTest) => {
  psp.addCustomer(ada);
  return app.core.identities.userOfCustomer({
    accountId: caller.accountId,
    provider: 'stripe',
    customerRef: 'cus_ada',
  });
};

const list = async ({ app }: CoreUnderTest) =>
  (await app.core.everywhere.list({ flow, filter: {}, page: 1, limit: 10 })).invoices;

test('an invoice made at the provider for one of our users is taken in, with all that follows', async () => {
  await using core = await openCore();
  const user = await becomeUser(core);
  for (const said of life) await say(core, said);
  const [only, ...more] = await list(core);
  expect(more).toEqual([]);
  expect(only?.user).toEqual({ publicId: user.publicId, name: 'Ada Lovelace' });
  expect(only?.invoice).toMatchObject({
    accountId: core.caller.accountId,
    userId: user.id,
    status: 'partially_refunded',
    disputed: 'open',
    amount: 3300,
    received: 3300,
    refunded: 300,
    description: 'Made by hand',
    providerRef: 'in_1',
    payments: [{ ref: 'pi_1', money: usd(3300) }],
  });
  const caller = core.caller;
  const id = only?.invoice.publicId ?? '';
  const events = await core.app.core.invoices.events({ caller, id });
  expect(events.map(({ type }) => type)).toEqual([
    'invoice.created',
    'invoice.opened',
    'invoice.finalized',
    'invoice.paid',
    'invoice.refunded',
    'invoice.disputed',
  ]);
  expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
});

test('in any order, told twice, and whenever its customer becomes a user, it is the same invoice', async () => {
  const order = fc.tuple(
    fc.shuffledSubarray([...life, ...life.slice(0, 3)], { minLength: life.length + 3 }),
    fc.integer({ min: 0, max: life.length + 3 }),
  );
  const runs = { numRuns: process.env.QUITTANCE_DEEP === undefined ? 15 : 500 };
  await fc.assert(
    fc.asyncProperty(order, async ([said, before]) => {
      await using core = await openCore();
      for (const one of said.slice(0, before)) await say(core, one);
      await becomeUser(core);
      for (const one of said.slice(before)) await say(core, one);
      const [only, ...more] = await list(core);
      expect(more).toEqual([]);
      expect(only?.invoice).toMatchObject({
        status: 'partially_refunded',
        disputed: 'open',
        amount: 3300,
        received: 3300,
        refunded: 300,
        overpaid: 0,
        payments: [{ ref: 'pi_1', money: usd(3300) }],
      });
      expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
    }),
    runs,
  );
}, 120_000);

test('money that is told as a total first is not told again when its payment is', async () => {
  await using core = await openCore();
  await becomeUser(core);
  for (const said of life.slice(0, 3)) await say(core, said);
  const [before] = await list(core);
  expect(before?.invoice.payments).toMatchObject([{ ref: 'in_1', money: usd(3300) }]);
  for (const said of life.slice(3, 4)) await say(core, said);
  const id = before?.invoice.publicId ?? '';
  const events = await core.app.core.invoices.events({ caller: core.caller, id });
  expect(events.filter(({ type }) => type.includes('pa'))).toMatchObject([
    { type: 'invoice.paid' },
  ]);
});

test('what a hub made is never taken in, even when its webhook overtakes the answer', async () => {
  await using core = await openCore();
  await becomeUser(core);
  const { provider } = core.psp;
  const { open } = provider;
  provider.open = async (input) => {
    const opened = await open(input);
    const { ref } = opened.observation;
    const at = new Date(core.clock.now()).toISOString();
    const facts = [progress('awaiting'), { kind: 'owed', money: usd(2050) }] satisfies Fact[];
    await say(core, { id: 'overtaking', ref: ref ?? '', at, facts });
    return opened;
  };
  const made = await core.app.core.invoices.create(core.invoice({ options: stripeInvoice() }));
  expect((await list(core)).map(({ invoice }) => invoice.id)).toEqual([made.id]);
  expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
});

test('for a customer who is no user of ours nothing is made', async () => {
  await using core = await openCore();
  for (const said of life) await say(core, said);
  expect(await list(core)).toEqual([]);
});

test.each([
  ['whose payments it then tells of', [payment], [{ ref: 'pi_1' }]],
  ['that was paid elsewhere', [], [{ ref: 'in_1' }]],
])('an invoice %s is asked about once more', async (_title, more, payments) => {
  await using core = await openCore();
  await becomeUser(core);
  for (const said of life.slice(0, 3)) await say(core, said);
  let asked = 0;
  core.psp.provider.find = () => {
    asked += 1;
    const observation = {
      evidenceId: 'found',
      ref: 'in_1',
      aliases: more.map(({ ref }) => ref),
      occurredAt: second(9),
      facts: [
        progress('settled'),
        { kind: 'owed', money: usd(3300) },
        { kind: 'received', ref: 'in_1', money: usd(3300), paidAt: second(3) },
        ...more,
      ] satisfies Fact[],
      providerData: '{"id":"in_1"}',
      raw: null,
    };
    return Promise.resolve({ observations: [observation], customerRef: null });
  };
  for (let hour = 0; hour < 5; hour += 1) {
    core.clock.advance(3_600_000);
    await core.app.work();
  }
  expect(asked).toBe(1);
  expect((await list(core))[0]?.invoice).toMatchObject({ status: 'paid', payments });
});

test('what was made for a customer is taken in when the create that made them is answered', async () => {
  await using core = await openCore();
  const { provider } = core.psp;
  const { open } = provider;
  provider.open = async (input) => {
    const opened = await open(input);
    const customerRef = opened.customerRef ?? '';
    await say(core, {
      ...about,
      id: 'e1',
      at: second(1),
      facts: [progress('draft')],
      foreign: { ...foreign, customerRef },
    });
    return opened;
  };
  await core.app.core.invoices.create(core.invoice());
  expect(await list(core)).toMatchObject([{ invoice: { providerRef: 'in_1', status: 'draft' } }]);
});

test('however much waits for a customer is taken in, the oldest first', async () => {
  await using core = await openCore();
  const refs = Array.from({ length: 250 }, (_, n) => `in_${(n * 7919) % 1000}`);
  for (const [n, ref] of refs.entries()) {
    const said = { ref, foreign, id: `e${n}`, at: second(n), facts: [progress('awaiting')] };
    await say(core, said);
  }
  await becomeUser(core);
  await core.app.work();
  const pages = await Promise.all(
    [1, 2].map((page) => core.app.core.everywhere.list({ flow, filter: {}, page, limit: 200 })),
  );
  const listed = pages.flatMap(({ invoices }) => invoices.map(({ invoice }) => invoice));
  expect(listed.toSorted((a, b) => a.id - b.id).map((invoice) => invoice.providerRef)).toEqual(
    refs,
  );
});

test('what the provider says of its object counts again when other evidence has said something else since', async () => {
  await using core = await openCore();
  await becomeUser(core);
  const facts = [progress('awaiting'), { kind: 'owed', money: usd(3300) }] satisfies Fact[];
  await say(core, { ...about, id: 'e1', at: second(1), facts });
  await say(core, { id: 'e2', ref: 'in_1', at: second(2), facts: [progress('processing')] });
  expect(await list(core)).toMatchObject([{ invoice: { status: 'processing' } }]);
  core.psp.provider.find = () =>
    Promise.resolve({
      observations: [
        {
          evidenceId: 'found',
          ref: 'in_1',
          occurredAt: second(9),
          facts,
          providerData: '{}',
          raw: null,
        },
      ],
      customerRef: null,
    });
  core.clock.advance(3_600_000);
  await core.app.work();
  expect(await list(core)).toMatchObject([{ invoice: { status: 'pending' } }]);
});
