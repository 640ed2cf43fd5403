import { type Invoice, type ProviderAct, remoteInvoiceCore } from '@quittance/contracts';
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

test('an invoice on behalf of another user is theirs, under the key of whoever asked', async () => {
  await using core = await openCore();
  const { identities, invoices } = core.app.core;
  const account = await identities.createAccount({ name: 'Other' });
  const user = await identities.createUser({ accountId: account.id, name: 'Bo', email: null });
  const onBehalfOf = { accountId: account.id, userId: user.id };
  const asked = core.invoice({ onBehalfOf, idempotencyKey: 'k', options: stripeInvoice() });
  const made = await invoices.create(asked);
  expect(made).toMatchObject(onBehalfOf);
  expect(await invoices.create(asked)).toEqual(made);
  await expect(invoices.create({ ...asked, onBehalfOf: null })).rejects.toMatchObject({
    code: 'idempotency_mismatch',
  });
});
