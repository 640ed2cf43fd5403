import { type Fact, type Invoice, type ProviderAct, remoteInvoiceCore } from '@quittance/contracts';
import { directTransport, DomainError } from '@quittance/rpc';
import { expect, test } from 'vitest';
import { type CoreUnderTest, openCore, stripeInvoice } from '../core-under-test.ts';
import { verifyLedger } from './verify-ledger.ts';

const create = (core: CoreUnderTest, { draft = false } = {}): Promise<Invoice> =>
  core.app.core.invoices.create(core.invoice({ options: stripeInvoice({ draft }) }));

const operate = (core: CoreUnderTest, act: ProviderAct, key: string | null = null) =>
  core.app.core.invoices.operate({ caller: core.caller, id: 1, idempotencyKey: key, act });

const pay = (paymentMethod: string | null = null): ProviderAct => ({
  kind: 'pay',
  paymentMethod,
  outOfBand: false,
});

const eventsOf = async ({ app, caller }: CoreUnderTest): Promise<string[]> =>
  (await app.core.invoices.events({ caller, id: 1 })).map(({ type }) => type);

test('a draft is finalized, then paid', async () => {
  await using core = await openCore();
  expect(await create(core, { draft: true })).toMatchObject({ status: 'draft' });
  expect(await operate(core, { kind: 'finalize' })).toMatchObject({ status: 'pending' });
  core.clock.advance(1000);
  expect(await operate(core, pay())).toMatchObject({ status: 'paid', received: 2050 });
  expect(await eventsOf(core)).toEqual([
    'invoice.created',
    'invoice.opened',
    'invoice.finalized',
    'invoice.paid',
  ]);
  expect((await verifyLedger(core.store.read)).discrepancies).toEqual([]);
});

test.each([
  [{ kind: 'void' }, 'canceled', 'invoice.canceled'],
  [{ kind: 'cancel' }, 'canceled', 'invoice.canceled'],
  [{ kind: 'mark_uncollectible' }, 'uncollectible', 'invoice.uncollectible'],
] as const)('%o leaves it %s', async (act, status, event) => {
  await using core = await openCore();
  await create(core);
  core.clock.advance(1000);
  expect(await operate(core, act)).toMatchObject({ status });
  expect((await eventsOf(core)).at(-1)).toBe(event);
});

test('a declined payment is the refusal of the provider, with what it answered', async () => {
  await using core = await openCore();
  await create(core);
  const refusal = { status: 402, code: 'card_declined', param: null };
  const declined = {
    code: 'provider_refused',
    message: 'Your card was declined.',
    refusal,
  };
  await expect(operate(core, pay('declining'), 'k')).rejects.toMatchObject(declined);
  core.psp.provider.act = () => Promise.reject(new Error('asked again'));
  await expect(operate(core, pay('declining'), 'k')).rejects.toMatchObject(declined);
});

test('a create that is refused says what the provider answered, also when it is asked again', async () => {
  await using core = await openCore();
  await core.psp.failNextOpen('refused');
  const refused = {
    code: 'provider_refused',
    refusal: { status: 400, code: 'amount_too_small', param: 'amount' },
  };
  const invoice = core.invoice({ idempotencyKey: 'k' });
  await expect(core.app.core.invoices.create(invoice)).rejects.toMatchObject(refused);
  await expect(core.app.core.invoices.create(invoice)).rejects.toMatchObject(refused);
});

test('under one key it is asked for once, under another again', async () => {
  await using core = await openCore();
  await create(core);
  const { act } = core.psp.provider;
  const keys: string[] = [];
  core.psp.provider.act = (input) => {
    keys.push(input.key);
    return act(input);
  };
  const first = await operate(core, pay(), 'k');
  expect(await operate(core, pay(), 'k')).toEqual(first);
  await expect(operate(core, { kind: 'void' }, 'k')).rejects.toMatchObject({
    code: 'idempotency_mismatch',
  });
  await expect(operate(core, { kind: 'void' }, 'other')).rejects.toMatchObject({
    code: 'conflict',
    message: 'Already paid',
  });
  expect(new Set(keys).size).toBe(2);
});

test('an unknown outcome is found out with the same key and the same details', async () => {
  await using core = await openCore();
  await create(core);
  const { act } = core.psp.provider;
  const asked: unknown[] = [];
  core.psp.provider.act = async (input) => {
    asked.push(input);
    if (asked.length === 1) throw new DomainError('outcome_unknown', 'No answer');
    return act(input);
  };
  await expect(operate(core, pay('pm_1'))).rejects.toMatchObject({ code: 'outcome_unknown' });
  core.clock.advance(60_000);
  await core.app.work();
  expect(asked).toHaveLength(2);
  expect(asked[1]).toEqual(asked[0]);
  expect(asked[0]).toMatchObject({ act: pay('pm_1') });
  expect(await core.app.core.invoices.get({ caller: core.caller, id: 1, at: null })).toMatchObject({
    status: 'paid',
  });
});

test('what was refused because it is done already is done', async () => {
  await using core = await openCore();
  await create(core);
  const { act } = core.psp.provider;
  core.psp.provider.act = async (input) => {
    await act(input);
    throw new DomainError('provider_refused', 'Already');
  };
  core.clock.advance(1000);
  expect(await operate(core, { kind: 'void' })).toMatchObject({ status: 'canceled' });
});

test('what the flow does not know is not asked for', async () => {
  await using core = await openCore();
  await core.app.core.invoices.create(core.invoice());
  core.psp.provider.act = () => Promise.reject(new Error('asked'));
  await expect(operate(core, { kind: 'finalize' })).rejects.toMatchObject({
    code: 'conflict',
    message: 'An invoice of stripe.payment_intent knows no finalize',
  });
});

test('lines that do not add up to the amount are refused, and nothing is stored', async () => {
  await using core = await openCore();
  const options = stripeInvoice();
  const invoice = core.invoice({ options, money: { amount: 2051, currency: 'USD' } });
  const remote = remoteInvoiceCore(directTransport(core.app.router, () => undefined));
  await expect(remote.invoices.create(invoice)).rejects.toMatchObject({
    code: 'invalid_request',
    param: 'options.lines',
  });
});

test('a line in less than the currency has is refused, and nothing is stored', async () => {
  await using core = await openCore();
  const line = { description: 'Work', quantity: 1 };
  const lines = [
    { ...line, unitAmount: 2055 },
    { ...line, unitAmount: -5 },
  ];
  const options = { ...stripeInvoice(), lines };
  const invoice = core.invoice({ options, money: { amount: 2050, currency: 'KWD' } });
  await expect(core.app.core.invoices.create(invoice)).rejects.toMatchObject({
    code: 'invalid_request',
    param: 'options.lines.0.unitAmount',
  });
});

const grace = {
  ref: 'cus_grace',
  userKey: null,
  name: 'Grace',
  email: null,
  currency: 'KWD',
};

test('an invoice that another customer is billed is theirs, in their currency, and asked for once', async () => {
  await using core = await openCore();
  const { invoices } = core.app.core;
  core.psp.addCustomer(grace);
  const billed = { customerRef: 'cus_grace' };
  const asked = core.invoice({
    billed,
    idempotencyKey: 'k',
    money: { amount: 2050, currency: null },
    options: stripeInvoice(),
  });
  const made = await invoices.create(asked);
  expect(made.userId).not.toBe(core.caller.userId);
  expect(made).toMatchObject({ accountId: core.caller.accountId, currency: 'KWD' });

  core.psp.addCustomer({ ...grace, currency: 'USD' });
  core.psp.provider.customer = () => Promise.reject(new Error('asked again'));
  expect(await invoices.create(asked)).toEqual(made);
  await expect(invoices.create({ ...asked, billed: null })).rejects.toMatchObject({
    code: 'idempotency_mismatch',
  });
});

test('where nobody says a currency, nothing is stored', async () => {
  await using core = await openCore();
  core.psp.addCustomer({ ...grace, currency: null });
  const asked = core.invoice({
    billed: { customerRef: 'cus_grace' },
    money: { amount: 2050, currency: null },
    options: stripeInvoice(),
  });
  const refused = { code: 'invalid_request', param: 'currency' };
  await expect(core.app.core.invoices.create(asked)).rejects.toMatchObject(refused);
  await expect(core.app.core.invoices.create({ ...asked, billed: null })).rejects.toMatchObject(
    refused,
  );
});

test('while one thing is being asked of the provider, nothing else is', async () => {
  await using core = await openCore();
  await create(core);
  const { act } = core.psp.provider;
  core.psp.provider.act = () => Promise.reject(new DomainError('unavailable', 'Down'));
  await expect(operate(core, pay(), 'p')).rejects.toMatchObject({ code: 'unavailable' });
  for (const other of [
    { kind: 'void' },
    { kind: 'mark_uncollectible' },
    { kind: 'cancel' },
  ] as const) {
    await expect(operate(core, other)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('pay'),
    });
  }
  await expect(operate(core, pay(), 'q')).rejects.toMatchObject({ code: 'conflict' });
  core.psp.provider.act = act;
  core.clock.advance(1000);
  expect(await operate(core, pay(), 'p')).toMatchObject({ status: 'paid' });
});

test('to be told of a payment elsewhere is refused for what a card has paid', async () => {
  await using core = await openCore();
  await create(core);
  core.clock.advance(1000);
  await operate(core, pay());
  await expect(
    operate(core, { kind: 'pay', paymentMethod: null, outOfBand: true }),
  ).rejects.toMatchObject({ code: 'provider_refused', message: 'Already paid' });
});

test('a draft whose time is over was never finalized', async () => {
  await using core = await openCore();
  const options = stripeInvoice({ draft: true });
  const expiry = { kind: 'in', seconds: 60 } as const;
  await core.app.core.invoices.create(core.invoice({ options, expiry }));
  core.clock.advance(61_000);
  await core.app.work();
  expect(await eventsOf(core)).toEqual(['invoice.created', 'invoice.opened', 'invoice.expired']);
});

test('what a provider that keeps its own books settles, no policy of the account does', async () => {
  await using core = await openCore();
  const { accountId } = core.caller;
  const tolerance = { kind: 'percent', basisPoints: 1000 } as const;
  const policy = { tolerance, topUp: false, late: 'flag' } as const;
  await core.app.core.identities.setPolicy({ accountId, policy });
  await create(core);
  const money = { amount: 2000, currency: 'USD' };
  const facts = [
    { kind: 'progress', state: 'awaiting', reason: null },
    { kind: 'received', ref: 'mem_1', money, paidAt: null },
  ] satisfies Fact[];
  const at = new Date(core.clock.now() + 1000).toISOString();
  const webhook = core.psp.webhook({ id: 'e1', ref: 'mem_1', at, facts });
  await core.app.core.webhooks.receive({ provider: 'stripe', token: null, webhook });
  expect(await core.app.core.invoices.get({ caller: core.caller, id: 1, at: null })).toMatchObject({
    status: 'partially_paid',
    exception: 'partial',
  });
});
