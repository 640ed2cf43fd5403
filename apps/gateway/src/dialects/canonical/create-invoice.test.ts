import { FlowOptions, ProviderName } from '@quittance/contracts';
import { CanonicalCreate, type CanonicalCreateBody } from '@quittance/contracts/canonical';
import { beforeEach, describe, expect, test } from 'vitest';
import { caller } from '../../core-under-test.ts';
import { anInvoice } from '../../domain-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';

const order = { provider: 'stripe', amount: 2050, currency: 'usd' } satisfies CanonicalCreateBody;
const options = { provider: 'stripe', flow: 'stripe.payment_intent' };

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway({ bodyLimitBytes: 8192 });
});

const create = (change: Record<string, unknown> = {}, headers?: Record<string, string>) =>
  gateway.post('/v1/invoices', { ...order, ...change }, headers);

test('the least that an invoice needs', async () => {
  const { status, headers, body } = await create();
  expect(status).toBe(201);
  expect(headers.get('location')).toBe(`/v1/invoices/${anInvoice.publicId}`);
  expect(body).toMatchObject({ id: anInvoice.publicId, number: anInvoice.id });
  expect(gateway.calls).toEqual([
    [
      'invoices.create',
      {
        caller,
        billed: null,
        idempotencyKey: null,
        money: { amount: 2050, currency: 'USD' },
        item: { type: 'none', id: 'none' },
        description: null,
        payload: null,
        projectId: null,
        options,
        expiry: null,
      },
    ],
  ]);
});

test('everything that an invoice can have', async () => {
  const item = { type: 'flight', id: '1' };
  const { status } = await create(
    {
      flow: 'stripe.payment_intent',
      currency: 'Kwd',
      item,
      description: 'Ⅷ 🛫',
      payload: ' {"seat": "12A"}\n',
      projectId: '9DEEA1E2-0C08-41A3-BDC2-A34EADA3892D',
      expiresAt: '2026-02-01T01:00:00+01:00',
    },
    { 'idempotency-key': 'order 1' },
  );
  expect(status).toBe(201);
  expect(gateway.calls).toEqual([
    [
      'invoices.create',
      {
        caller,
        billed: null,
        idempotencyKey: 'order 1',
        money: { amount: 2050, currency: 'KWD' },
        item,
        description: 'Ⅷ 🛫',
        payload: ' {"seat": "12A"}\n',
        projectId: '9deea1e2-0c08-41a3-bdc2-a34eada3892d',
        options,
        expiry: { kind: 'at', time: '2026-02-01T00:00:00.000Z' },
      },
    ],
  ]);
});

test('what is null was not given', async () => {
  const nothing = { item: null, description: null, payload: null, projectId: null };
  await create({ ...nothing, expiresAt: null, expiresIn: null });
  await create();
  expect(gateway.calls[0]).toEqual(gateway.calls[1]);
});

test('expiresIn is seconds from now', async () => {
  await create({ expiresIn: 90 });
  expect(gateway.calls).toMatchObject([[{}, { expiry: { kind: 'in', seconds: 90 } }]]);
});

test.each([
  ['an amount with zeros for decimals', '2050.00'],
  ['the largest amount', String(Number.MAX_SAFE_INTEGER)],
])('%s is an integer', async (_title, amount) => {
  const { status } = await gateway.post(
    '/v1/invoices',
    JSON.stringify(order).replace('2050', amount),
  );
  expect(status).toBe(201);
  expect(gateway.calls).toMatchObject([[{}, { money: { amount: Number(amount) } }]]);
});

describe('is refused, naming the field, and the core not asked', () => {
  test.each<[string, unknown, string | undefined]>([
    ['no provider', { ...order, provider: undefined }, 'provider'],
    ['an unknown provider', { ...order, provider: 'paypal' }, 'provider'],
    ['an unknown flow', { ...order, flow: 'stripe.subscription' }, 'flow'],
    ['lines, which this flow has not', { ...order, lines: [] }, 'lines'],
    ['no amount', { ...order, amount: undefined }, 'amount'],
    ['an amount as text', { ...order, amount: '2050' }, 'amount'],
    ['an amount below zero', { ...order, amount: -1 }, 'amount'],
    ['a fraction', { ...order, amount: 20.5 }, 'amount'],
    [
      'a fraction that a binary one hides',
      JSON.stringify(order).replace('2050', '2050.0000000000000000001'),
      'amount',
    ],
    ['an inexact amount', JSON.stringify(order).replace('2050', '9007199254740993'), 'amount'],
    ['an amount with an exponent', JSON.stringify(order).replace('2050', '2e3'), 'amount'],
    ['no currency', { ...order, currency: undefined }, 'currency'],
    ['an unknown currency', { ...order, currency: 'usx' }, 'currency'],
    ['a currency that is no text', { ...order, currency: 840 }, 'currency'],
    ['an item that is no object', { ...order, item: 'flight' }, 'item'],
    ['an item without type', { ...order, item: { id: '1' } }, 'item.type'],
    ['an item without id', { ...order, item: { type: 'flight', id: '' } }, 'item.id'],
    ['an integer as item id', { ...order, item: { type: 'flight', id: 1 } }, 'item.id'],
    ['more of an item', { ...order, item: { type: 'a', id: 'b', x: 1 } }, 'item.x'],
    ['NUL in a text', { ...order, item: { type: 'a', id: '\0' } }, 'item.id'],
    ['half a character', { ...order, description: '\ud83d' }, 'description'],
    ['a long description', { ...order, description: 'x'.repeat(1001) }, 'description'],
    ['half a character of data', { ...order, payload: '\ud83d' }, 'payload'],
    ['NUL in the data', { ...order, payload: 'a\0' }, 'payload'],
    ['too much data', { ...order, payload: 'x'.repeat(4097) }, 'payload'],
    ['data that is no text', { ...order, payload: { seat: 1 } }, 'payload'],
    ['a project that is no UUID', { ...order, projectId: '1' }, 'projectId'],
    ['hours to pay, which this flow has not', { ...order, timeToPay: 1 }, 'timeToPay'],
    ['a time without zone', { ...order, expiresAt: '2026-02-01T00:00:00' }, 'expiresAt'],
    ['a day that is none', { ...order, expiresAt: '2026-02-30T00:00:00Z' }, 'expiresAt'],
    ['a year past 9999', { ...order, expiresAt: '9999-12-31T23:59:59-01:00' }, 'expiresAt'],
    ['a time as number', { ...order, expiresAt: 1_770_000_000 }, 'expiresAt'],
    ['no seconds', { ...order, expiresIn: 0 }, 'expiresIn'],
    ['half a second', { ...order, expiresIn: 0.5 }, 'expiresIn'],
    ['a century', { ...order, expiresIn: 3_155_760_000 }, 'expiresIn'],
    ['both', { ...order, expiresAt: '2026-02-01T00:00:00Z', expiresIn: 60 }, 'expiresIn'],
    ['an unknown field', { ...order, metadata: {} }, 'metadata'],
    ['another __proto__', JSON.stringify(order).replace('{', '{"__proto__":{},'), '__proto__'],
    ['no object', [order], undefined],
    ['null', 'null', undefined],
    ['no JSON', '{"provider":', undefined],
    ['nothing', '', undefined],
  ])('%s', async (_title, sent, param) => {
    const { status, headers, body } = await gateway.post('/v1/invoices', sent);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/problem+json');
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

  test('a query', async () => {
    const answer = await gateway.post('/v1/invoices?amount=1', order);
    expect(answer).toMatchObject({ status: 400, body: { param: 'amount' } });
    expect(gateway.calls).toEqual([]);
  });
});

test.each(['text/plain', 'application/x-www-form-urlencoded', ''])(
  'the content type %j is 415',
  async (type) => {
    const answer = await create({}, { 'content-type': type });
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  },
);

test('every flow can be asked for', () => {
  for (const { shape } of FlowOptions.options) {
    const asked = { ...order, provider: shape.provider.value, flow: shape.flow.value };
    const issues = CanonicalCreate.safeParse(asked).error?.issues ?? [];
    expect(issues.filter(({ path }) => ['provider', 'flow'].includes(String(path[0])))).toEqual([]);
  }
  expect(FlowOptions.options.map(({ shape }) => shape.provider.value)).toEqual(
    expect.arrayContaining(ProviderName.options),
  );
});
