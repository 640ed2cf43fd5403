import { readFileSync } from 'node:fs';
import { Seed002Created } from '@quittance/contracts/seed-002';
import { beforeEach, describe, expect, test } from 'vitest';
import { caller } from '../../core-under-test.ts';
import { aStripeInvoice } from '../../domain-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';

const path = '/admin/api/invoices';
const seedsRequest = readFileSync(new URL('fixtures/request.json', import.meta.url), 'utf8');
const item = { name: 'All resources', amount: 3300 };
const order = { items: [item], customer: 'cus_1', currency: 'eur' };

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

const create = (body: unknown, headers?: Record<string, string>) =>
  gateway.post(path, body, { 'api-key': 'qk_admin', authorization: '', ...headers });

/** What the core was asked to create. */
const created = () => gateway.calls.find(([method]) => method === 'invoices.create')?.[1];

test("the seed's own request: the user who is the customer, in the customer's currency", async () => {
  const { status, headers, body } = await create(seedsRequest);
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(gateway.calls).toEqual([
    [
      'invoices.create',
      {
        caller,
        billed: { customerRef: 'cus_OxIokju2aarNVm' },
        idempotencyKey: null,
        money: { amount: 1, currency: null },
        item: { type: 'none', id: 'none' },
        description: null,
        payload: null,
        projectId: null,
        options: {
          provider: 'stripe',
          flow: 'stripe.invoice',
          customer: 'cus_OxIokju2aarNVm',
          paymentMethod: 'pm_1O9OCiA0ZUrt0vQJ7GqrPclY',
          lines: [{ description: ' All resources', quantity: 1, unitAmount: 1 }],
          footer: null,
          due: null,
          draft: false,
        },
        expiry: null,
      },
    ],
  ]);
  expect(body).toMatchObject(Object(JSON.parse(aStripeInvoice.providerData ?? '')));
  expect(Seed002Created.parse(body)).toMatchObject({ id: 'in_1', paid: false, charge: null });
});

test('the same in data is the same request', async () => {
  await create(seedsRequest);
  const plain = created();
  gateway = openGateway();
  expect((await create(`{"data":${seedsRequest}}`)).status).toBe(200);
  expect(created()).toEqual(plain);
});

test('everything that an invoice can have', async () => {
  const { status } = await create(
    {
      items: [
        { name: 'Seats', amount: 1500, quantity: 3, currency: 'EUR' },
        { name: 'Discount', amount: -500 },
      ],
      customer: 'cus_1',
      paymentMethod: 'pm_1',
      currency: 'eur',
      description: 'Enclaive resources payment',
      footer: 'Thank you',
      daysUntilDue: 0,
    },
    { 'idempotency-key': 'order 1' },
  );
  expect(status).toBe(200);
  expect(created()).toMatchObject({
    idempotencyKey: 'order 1',
    money: { amount: 4000, currency: 'EUR' },
    description: 'Enclaive resources payment',
    options: {
      paymentMethod: 'pm_1',
      lines: [
        { description: 'Seats', quantity: 3, unitAmount: 1500 },
        { description: 'Discount', quantity: 1, unitAmount: -500 },
      ],
      footer: 'Thank you',
      due: { kind: 'days', days: 0 },
    },
  });
});

test.each([
  ['2026-01-31', '2026-01-31T23:59:59.000Z'],
  ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
  ['2026-01-31T12:00:00.5+02:00', '2026-01-31T10:00:00.500Z'],
])('due %s is by %s', async (dueDate, time) => {
  await create({ ...order, dueDate });
  expect(created()).toMatchObject({ options: { due: { kind: 'at', time } } });
});

test('what is null was not given', async () => {
  const nothing = { paymentMethod: null, description: null, footer: null, dueDate: null };
  const nulled = { ...item, quantity: null, currency: null };
  await create({ ...order, items: [nulled], ...nothing, daysUntilDue: null });
  const first = created();
  gateway = openGateway();
  await create(order);
  expect(first).toEqual(created());
});

describe('the currency', () => {
  const items = (...currencies: (string | undefined)[]) =>
    currencies.map((currency) => ({ ...item, currency }));

  test.each([
    ['that of the body', { ...order, currency: 'Usd' }, 'USD'],
    ['that of an item', { ...order, currency: undefined, items: items(undefined, 'jpy') }, 'JPY'],
    ['the one that both say', { ...order, items: items('EUR', 'eur') }, 'EUR'],
    ["the customer's, which the core knows", { ...order, currency: null }, null],
  ])('is %s', async (_title, body, currency) => {
    expect((await create(body)).status).toBe(200);
    expect(created()).toMatchObject({ money: { currency } });
  });

  test.each([
    ['two in the items', { ...order, currency: undefined, items: items('eur', 'usd') }, '1'],
    ['another in the body', { ...order, items: items(undefined, 'usd') }, '1'],
    ['only others in the items', { ...order, items: items('usd', 'usd') }, '0'],
  ])('is refused where there are %s', async (_title, body, index) => {
    const answer = await create(body);
    expect(answer).toMatchObject({ status: 400, body: { param: `items.${index}.currency` } });
    expect(gateway.calls).toEqual([]);
  });
});

describe('is refused, naming the field, and the core not asked', () => {
  const withItem = (change: Record<string, unknown>) => ({
    ...order,
    items: [{ ...item, ...change }],
  });
  const withAmount = (amount: string) => JSON.stringify(order).replace('3300', amount);

  test.each<[string, unknown, string | undefined]>([
    ['no items', { ...order, items: undefined }, 'items'],
    ['empty items', { ...order, items: [] }, 'items'],
    ['251 items', { ...order, items: Array.from({ length: 251 }, () => ({})) }, 'items'],
    ['items that are no list', { ...order, items: item }, 'items'],
    ['an item that is none', { ...order, items: [item, 'x'] }, 'items.1'],
    ['a total of zero', { ...order, items: [item, { name: 'x', amount: -3300 }] }, 'items'],
    ['a total below zero', withItem({ amount: -1 }), 'items'],
    ['a total too large', withItem({ amount: 9_007_199_254_740_991, quantity: 2 }), 'items'],
    [
      'parts too large',
      { ...order, items: [9e15, 9e15, -9e15, -9e15, 1].map((amount) => ({ name: 'x', amount })) },
      'items',
    ],
    ['no name', withItem({ name: undefined }), 'items.0.name'],
    ['an empty name', withItem({ name: '' }), 'items.0.name'],
    ['a long name', withItem({ name: 'x'.repeat(501) }), 'items.0.name'],
    ['NUL in a name', withItem({ name: '\0' }), 'items.0.name'],
    ['no amount', withItem({ amount: undefined }), 'items.0.amount'],
    ['no quantity', withItem({ quantity: 0 }), 'items.0.quantity'],
    ['half a quantity', withItem({ quantity: 1.5 }), 'items.0.quantity'],
    ['an unknown currency of an item', withItem({ currency: 'usx' }), 'items.0.currency'],
    ['more of an item', withItem({ price: 'price_1' }), 'items.0.price'],
    ['no customer', { ...order, customer: undefined }, 'customer'],
    ['a customer that is no text', { ...order, customer: 1 }, 'customer'],
    ['an empty payment method', { ...order, paymentMethod: '' }, 'paymentMethod'],
    ['an unknown currency', { ...order, currency: 'usx' }, 'currency'],
    ['a long description', { ...order, description: 'x'.repeat(1001) }, 'description'],
    ['a footer that is no text', { ...order, footer: {} }, 'footer'],
    ['a due date that is none', { ...order, dueDate: '2026-02-30' }, 'dueDate'],
    ['a due date without zone', { ...order, dueDate: '2026-02-01T00:00:00' }, 'dueDate'],
    ['a due date in seconds', { ...order, dueDate: 1_770_000_000 }, 'dueDate'],
    ['days below zero', { ...order, daysUntilDue: -1 }, 'daysUntilDue'],
    ['half a day', { ...order, daysUntilDue: 0.5 }, 'daysUntilDue'],
    ['both dues', { ...order, dueDate: '2026-02-01', daysUntilDue: 1 }, 'daysUntilDue'],
    ['an unknown field', { ...order, metadata: {} }, 'metadata'],
    ['another __proto__', JSON.stringify(order).replace('{', '{"__proto__":{},'), '__proto__'],
    ['data and more', { data: order, customer: 'cus_1' }, 'customer'],
    ['data that is no object', { data: [order] }, 'data'],
    ['data that is null', { data: null }, 'data'],
    ['data in data', { data: { data: order } }, 'items'],
    ['an unknown field in data', { data: { ...order, metadata: {} } }, 'metadata'],
    ['a wrong amount in data', { data: withItem({ amount: 'x' }) }, 'items.0.amount'],
    ['no object', [order], undefined],
    ['no JSON', '{"items":', undefined],
    ['nothing', '', undefined],
  ])('%s', async (_title, sent, param) => {
    const { status, headers, body } = await create(sent);
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(body).toEqual({
      type: 'about:blank',
      title: expect.stringMatching(/\w+ \w+/),
      status: 400,
      code: 'invalid_request',
      ...(param !== undefined && { param }),
      requestId: headers.get('x-request-id'),
    });
    expect(gateway.calls).toEqual([]);
  });

  test.each([
    '1.5',
    '33.00',
    '"1.5"',
    '"33.00"',
    '"3300"',
    '1e3',
    '1.00000000000000000001',
    'null',
    'true',
  ])('the amount %s, and that it is in minor units', async (amount) => {
    const { status, body } = await create(withAmount(amount));
    expect(status).toBe(400);
    expect(body).toMatchObject({
      param: 'items.0.amount',
      title: expect.stringContaining('minor units'),
    });
  });

  test('a query', async () => {
    const answer = await gateway.post(`${path}?page=1`, order, { 'api-key': 'qk_admin' });
    expect(answer).toMatchObject({ status: 400, body: { param: 'page' } });
    expect(gateway.calls).toEqual([]);
  });
});

test('250 items', async () => {
  const items = Array.from({ length: 250 }, () => ({ name: 'x', amount: 1 }));
  const large = openGateway({ bodyLimitBytes: 100_000 });
  const { status } = await large.post(path, { ...order, items }, { 'api-key': 'qk_admin' });
  expect(status).toBe(200);
});

test('an invoice that Stripe has not made shows nothing but that', async () => {
  gateway.createdAs({ ...aStripeInvoice, providerData: null });
  expect(await create(order)).toMatchObject({ status: 500, body: { title: 'Internal error' } });
});
