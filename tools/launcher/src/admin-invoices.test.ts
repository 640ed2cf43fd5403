import { CanonicalInvoice, CanonicalRefunded } from '@quittance/contracts/canonical';
import { Seed002Created, Seed002Invoice, Seed002Page } from '@quittance/contracts/seed-002';
import { fixture } from '@quittance/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { everyLauncher, type HubUnderTest, openHub } from './hub-under-test.ts';

const hourMs = 3_600_000;

const typeOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);

const Seen = z.looseObject({ id: z.string(), status: z.string() });

describe.each(everyLauncher)('the admin API, the hub %s', (how) => {
  let hub: HubUnderTest;
  beforeAll(async () => {
    hub = await openHub(how);
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  const admin = async (
    path: string,
    { key = hub.demo.adminKey, body, ...headers }: Record<string, unknown> = {},
  ): Promise<{ status: number; body: unknown }> =>
    hub.call(`/admin/api/invoices${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'api-key': String(key),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...z.record(z.string(), z.string()).parse(headers),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  const request = () => ({
    items: [{ name: ' All resources', amount: 3300 }],
    customer: hub.demo.stripe.customer,
    paymentMethod: hub.demo.stripe.paymentMethod,
  });

  const create = async (change: Record<string, unknown> = {}, headers = {}) => {
    const { status, body } = await admin('', { body: { ...request(), ...change }, ...headers });
    expect(body).toMatchObject({ object: 'invoice' });
    expect(status).toBe(200);
    return Seen.parse(body);
  };

  const found = async (id: string): Promise<Seed002Invoice> => {
    const { status, body } = await admin(`/${id}`);
    expect(status).toBe(200);
    return Seed002Invoice.parse(body);
  };

  const canonical = async (path: string, body?: object): Promise<CanonicalInvoice> => {
    const answer = await hub.call(`/v1/invoices${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return CanonicalInvoice.parse(answer.body);
  };

  const moveClock = async (ms: number): Promise<void> => {
    await fetch(`${hub.demo.sandboxUrl}/_sandbox/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advance_ms: ms }),
    });
  };

  test("the seed's request, with the demo's customer and card, gives the seed's shape", async () => {
    const seed = z.record(z.string(), z.unknown()).parse(fixture('seeds/002-response.json'));
    const asked = z.looseObject({}).parse(fixture('seeds/002-request.json'));
    const { customer, paymentMethod } = hub.demo.stripe;
    const items = [{ name: ' All resources', amount: 100 }];
    const { status, body } = await admin('', {
      body: { ...asked, items, customer, paymentMethod },
    });
    expect(status).toBe(200);
    const made = Seed002Created.parse(body);
    expect(Object.keys(made)).toEqual(expect.arrayContaining(Object.keys(seed)));
    for (const [key, value] of Object.entries(seed)) {
      const ours = Reflect.get(made, key);
      if (value === null || ours === null) continue;
      expect([key, typeOf(ours)]).toEqual([key, typeOf(value)]);
    }
    expect(made).toMatchObject({
      status: 'open',
      amount_due: 100,
      customer,
      payment_intent: expect.stringMatching(/^pi_/),
    });
    expect(await hub.stripe.invoices.retrieve(made.id)).toMatchObject({
      status: 'open',
      total: 100,
      lines: { data: [{ description: ' All resources', amount: 100 }] },
    });
  });

  test('Stripe collects it, and its signed webhooks make the record', async () => {
    const { id } = await create();
    await moveClock(2 * hourMs);
    await expect.poll(async () => (await found(id)).status, { timeout: 10_000 }).toBe('paid');
    const record = await found(id);
    const { _id } = record;
    expect(Object.keys(record)).toEqual([
      '_id',
      'invoiceId',
      'user',
      'status',
      'amount',
      'invoicePdf',
      'createdAt',
      'updatedAt',
    ]);
    expect(record).toMatchObject({ invoiceId: id, amount: 3300, user: { name: 'Demo User' } });
    expect(await found(_id)).toEqual(record);
    const pdf = await fetch(record.invoicePdf ?? '');
    expect(pdf.headers.get('content-type')).toBe('application/pdf');

    const page = Seed002Page.parse((await admin('?page=1&limit=1')).body);
    expect(page.invoices).toEqual([record]);
    expect(page.count).toBeGreaterThan(1);
    const invoice = await canonical(`/${_id}`);
    expect(invoice).toMatchObject({ status: 'paid', received: 3300, exception: 'none' });
    const events = z
      .object({ data: z.array(z.object({ type: z.string() })) })
      .parse((await hub.call(`/v1/invoices/${_id}/events`)).body).data;
    expect(events.filter(({ type }) => type === 'invoice.paid')).toHaveLength(1);
  });

  test('the same key again is the same invoice', async () => {
    const key = { 'idempotency-key': 'again' };
    expect(await create({}, key)).toEqual(await create({}, key));
    const other = await admin('', { body: { ...request(), currency: 'EUR' }, ...key });
    expect(other.status).toBe(422);
  });

  test('a customer whom nobody knew becomes a user, with what was made for them before', async () => {
    const customer = await hub.stripe.customers.create({
      name: 'Grace Hopper',
      email: 'grace@example.com',
    });
    const before = await hub.stripe.invoices.create({ customer: customer.id, currency: 'eur' });
    const { id } = await create({
      customer: customer.id,
      paymentMethod: undefined,
      currency: 'EUR',
    });
    expect((await found(id)).user.name).toBe('Grace Hopper');
    await expect.poll(async () => (await admin(`/${before.id}`)).status).toBe(200);
    expect(await found(before.id)).toMatchObject({ status: 'draft', amount: 0, invoicePdf: null });
  });

  test('an invoice made in the dashboard for one of our users is taken in', async () => {
    const { customer } = hub.demo.stripe;
    const draft = await hub.stripe.invoices.create({ customer, currency: 'usd' });
    await hub.stripe.invoices.addLines(draft.id, {
      lines: [{ description: 'By hand', amount: 700 }],
    });
    await expect.poll(async () => (await admin(`/${draft.id}`)).status).toBe(200);
    await hub.stripe.invoices.pay(draft.id);
    await expect
      .poll(() => found(draft.id), { timeout: 5000 })
      .toMatchObject({ status: 'paid', amount: 700 });
  });

  test('refunds in parts and a dispute', async () => {
    const card = await hub.stripe.paymentMethods.attach('pm_card_createDispute', {
      customer: hub.demo.stripe.customer,
    });
    const { id } = await create({ paymentMethod: card.id });
    await hub.stripe.invoices.pay(id);
    await expect.poll(async () => (await found(id)).status).toBe('paid');
    const { _id } = await found(id);
    await expect.poll(async () => (await canonical(`/${_id}`)).disputed).toBe('open');

    const other = await create();
    await hub.stripe.invoices.pay(other.id);
    await expect.poll(async () => (await found(other.id)).status).toBe('paid');
    const { _id: refundable } = await found(other.id);
    for (const amount of [300, 1000]) {
      const answer = await hub.call(`/v1/invoices/${refundable}/refunds`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ amount }),
      });
      expect(CanonicalRefunded.parse(answer.body).refund.state).toBe('done');
    }
    expect(await canonical(`/${refundable}`)).toMatchObject({
      status: 'partially_refunded',
      refunded: 1300,
    });
    expect((await found(other.id)).status).toBe('paid');
  });

  test('the canonical operations: a draft is finalized, paid, voided, written off', async () => {
    const draft = (more: object = {}) =>
      canonical('', {
        provider: 'stripe',
        flow: 'stripe.invoice',
        amount: 1250,
        currency: 'USD',
        lines: [
          { description: 'Hours', quantity: 3, unitAmount: 500 },
          { description: 'Discount', unitAmount: -250 },
        ],
        draft: true,
        ...more,
      });
    const first = await draft();
    expect(first.status).toBe('draft');
    expect((await canonical(`/${first.id}/finalize`, {})).status).toBe('pending');
    const paid = await canonical(`/${first.id}/pay`, {});
    expect(paid).toMatchObject({ status: 'paid', received: 1250 });

    const sent = await draft({ dueInDays: 30 });
    await canonical(`/${sent.id}/finalize`, {});
    expect((await canonical(`/${sent.id}/send`, {})).status).toBe('pending');

    const second = await draft();
    await canonical(`/${second.id}/finalize`, {});
    expect((await canonical(`/${second.id}/mark-uncollectible`, {})).status).toBe('uncollectible');
    expect((await canonical(`/${second.id}/void`, {})).status).toBe('canceled');

    const third = await draft();
    expect((await canonical(`/${third.id}/cancel`, {})).status).toBe('canceled');
    await expect(hub.stripe.invoices.retrieve(third.providerRef ?? '')).rejects.toMatchObject({
      code: 'resource_missing',
    });
  });

  test('a card that declines is a refusal, and the invoice stays payable', async () => {
    const card = await hub.stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
      customer: hub.demo.stripe.customer,
    });
    const { id } = await create();
    const { _id } = await found(id);
    const answer = await hub.call(`/v1/invoices/${_id}/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ paymentMethod: card.id }),
    });
    expect(answer).toMatchObject({
      status: 402,
      body: { code: 'provider_refused', providerError: { code: 'card_declined' } },
    });
    expect(await canonical(`/${_id}`)).toMatchObject({
      status: 'pending',
      statusReason: expect.stringMatching(/declined/),
    });
    expect((await found(id)).status).toBe('open');
  });

  test('of a decline and a demand to confirm in one second, the later counts', async () => {
    const attach = (card: string) =>
      hub.stripe.paymentMethods.attach(card, { customer: hub.demo.stripe.customer });
    const declines = await attach('pm_card_chargeCustomerFail');
    const asks = await attach('pm_card_authenticationRequired');
    const { _id } = await found((await create()).id);
    for (const { id: paymentMethod } of [declines, asks]) {
      const answer = await hub.call(`/v1/invoices/${_id}/pay`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ paymentMethod }),
      });
      expect(answer.status).toBe(402);
    }
    const types = async () =>
      z
        .object({ data: z.array(z.object({ type: z.string() })) })
        .parse((await hub.call(`/v1/invoices/${_id}/events`)).body)
        .data.map(({ type }) => type);
    await expect.poll(types, { timeout: 10_000 }).toContain('invoice.action_required');
    expect(await canonical(`/${_id}`)).toMatchObject({ status: 'pending', statusReason: null });
  }, 20_000);

  test.each([
    [{ key: '' }, 401, 'unauthenticated', undefined],
    [{ key: 'wrong' }, 401, 'unauthenticated', undefined],
    [{ customer: 'cus_nobody' }, 404, 'resource_missing', 'customer'],
    [{ paymentMethod: 'pm_nothing' }, 400, 'resource_missing', 'paymentMethod'],
    [{ items: [] }, 400, 'invalid_request', 'items'],
    [{ items: [{ name: 'x', amount: -1 }] }, 400, 'invalid_request', 'items'],
    [{ items: [{ name: 'x', amount: 1.5 }] }, 400, 'invalid_request', 'items.0.amount'],
  ])(
    '%o is answered %i %s',
    async ({ key, ...change }: Record<string, unknown>, status, code, param) => {
      const answer = await admin('', {
        ...(key !== undefined && { key }),
        body: { ...request(), ...change },
      });
      expect(answer).toMatchObject({ status, body: { code, ...(param && { param }) } });
    },
  );

  test.each(['page=0', 'limit=1000000', 'limit=abc'])('%s names its field', async (query) => {
    const [param] = query.split('=');
    expect(await admin(`?${query}`)).toMatchObject({ status: 400, body: { param } });
  });

  test('a key that is no admin is forbidden, an unknown id not found', async () => {
    expect((await admin('', { key: hub.demo.apiKey })).status).toBe(403);
    expect((await admin(`/${'0'.repeat(24)}`)).status).toBe(404);
    expect((await admin('/in_nothing')).status).toBe(404);
  });
});
