import {
  CanonicalInvoice,
  CanonicalInvoicePage,
  toCanonicalInvoice,
} from '@quittance/contracts/canonical';
import { beforeEach, describe, expect, test } from 'vitest';
import { caller } from '../../core-under-test.ts';
import { aBitsbyInvoice, anInvoice } from '../../domain-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';

const id = anInvoice.publicId;

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

test('an invoice, whole: the providers object as an object, money flat, nothing of the account', async () => {
  const { status, body } = await gateway.send(`GET /v1/invoices/${id}`);
  expect(status).toBe(200);
  expect(body).toEqual({
    id,
    number: 12,
    userId: 3,
    projectId: 'c0ffee00-0c08-41a3-bdc2-a34eada3892d',
    provider: 'stripe',
    flow: 'stripe.payment_intent',
    status: 'partially_refunded',
    exception: 'over',
    statusReason: 'They paid twice',
    amount: 2050,
    currency: 'USD',
    received: 3050,
    remaining: 0,
    overpaid: 1000,
    refunded: 1000,
    net: 2050,
    disputed: 'won',
    payments: [
      {
        providerRef: 'ch_1',
        amount: 3050,
        currency: 'USD',
        paidAt: '2026-01-02T03:04:05.678Z',
        payer: 'ada@example.com',
        late: true,
        crypto: null,
      },
    ],
    refunds: [{ providerRef: 're_1', amount: 1000, currency: 'USD', state: 'succeeded' }],
    disputes: [{ providerRef: 'dp_1', amount: 3050, currency: 'EUR', state: 'won' }],
    item: { type: 'flight', id: '1' },
    description: 'A flight to Oslo',
    payload: 'seat 12A',
    expiresAt: '2026-02-01T00:00:00.000Z',
    providerRef: 'pi_1',
    providerData: { id: 'pi_1', client_secret: 'pi_1_secret', customer: null, amount: 2050 },
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-03T00:00:00.000Z',
  });
  expect(CanonicalInvoice.strict().parse(body)).toEqual(body);
});

test('a payment over a blockchain says what was moved where', () => {
  expect(CanonicalInvoice.strict().parse(toCanonicalInvoice(aBitsbyInvoice)).payments).toEqual([
    {
      providerRef: 'f986ad8d-1111-4222-8333-444455556666',
      amount: 1055,
      currency: 'EUR',
      paidAt: '2024-02-29T16:00:00.000Z',
      payer: null,
      late: false,
      crypto: {
        amount: '11.45000000',
        cryptocurrency: 'usdt',
        blockchain: 'bnbSmartChain',
        hash: '74763b65',
        wallet: { id: 'c27b0847', name: 'usdt-bnb', address: '0x1427' },
      },
    },
  ]);
});

test('an invoice that its provider has not made yet has no providerData', () => {
  const invoice = toCanonicalInvoice({ ...anInvoice, providerData: null });
  expect(invoice.providerData).toBeNull();
});

describe('the id', () => {
  test.each([
    [id, id],
    ['12', 12],
    ['123456789012345678901234', '123456789012345678901234'],
  ])('%s', async (text, asked) => {
    await gateway.send(`GET /v1/invoices/${text}`);
    expect(gateway.calls).toEqual([['invoices.get', { caller, id: asked, at: null }]]);
  });

  test.each([
    '0',
    '012',
    '-1',
    '1.0',
    '1e3',
    'x',
    id.toUpperCase(),
    `${id}0`,
    '9'.repeat(16),
    '%00',
  ])('%s is none of ours, whatever is done with it', async (text) => {
    for (const target of [
      'GET %',
      'POST %/cancel',
      'POST %/refunds',
      'POST %/pay',
      'POST %/mark-uncollectible',
      'GET %/events',
      'GET %/explain',
    ]) {
      const answer = await gateway.send(target.replace('%', `/v1/invoices/${text}`));
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found', status: 404 } });
    }
    expect(gateway.calls).toEqual([]);
  });
});

test.each([
  ['2026-01-02T00:00:00Z', '2026-01-02T00:00:00.000Z'],
  ['2026-01-02T00:00:00.1239Z', '2026-01-02T00:00:00.123Z'],
  ['2026-01-02T02:00:00%2B02:00', '2026-01-02T00:00:00.000Z'],
])('as it stood at %s', async (text, at) => {
  await gateway.send(`GET /v1/invoices/${id}?at=${text}`);
  expect(gateway.calls).toEqual([['invoices.get', { caller, id, at }]]);
});

test('a page of the newest, and where the next one starts', async () => {
  const { status, body } = await gateway.send('GET /v1/invoices');
  expect(status).toBe(200);
  expect(CanonicalInvoicePage.strict().parse(body)).toEqual(body);
  expect(body).toEqual({ data: [toCanonicalInvoice(anInvoice)], next: id });
  await gateway.send(`GET /v1/invoices?after=${id}&limit=200`);
  expect(gateway.calls).toEqual([
    ['invoices.list', { caller, filter: {}, after: null, limit: 20 }],
    ['invoices.list', { caller, filter: {}, after: id, limit: 200 }],
  ]);
});

test('every filter', async () => {
  const query = new URLSearchParams({
    status: 'partially_paid',
    provider: 'stripe',
    userId: '3',
    itemType: 'flight',
    itemId: '1 & 2',
    createdFrom: '2026-01-01T00:00:00Z',
    createdTo: '2026-02-01T00:00:00Z',
    minAmount: '0',
    maxAmount: '2050',
    q: ' to  oslo ',
  });
  await gateway.send(`GET /v1/invoices?${query.toString()}`);
  const filter = {
    status: 'partially_paid',
    provider: 'stripe',
    userId: 3,
    item: { type: 'flight', id: '1 & 2' },
    createdFrom: '2026-01-01T00:00:00.000Z',
    createdTo: '2026-02-01T00:00:00.000Z',
    minAmount: 0,
    maxAmount: 2050,
    text: 'to  oslo',
  };
  expect(gateway.calls).toEqual([['invoices.list', { caller, filter, after: null, limit: 20 }]]);
});

test.each([
  ['/v1/invoices?status=open', 'status'],
  ['/v1/invoices?status=', 'status'],
  ['/v1/invoices?status=paid&status=paid', 'status'],
  ['/v1/invoices?provider=paypal', 'provider'],
  ['/v1/invoices?userId=0', 'userId'],
  ['/v1/invoices?userId=1.5', 'userId'],
  ['/v1/invoices?itemType=flight', 'itemId'],
  ['/v1/invoices?itemId=1', 'itemType'],
  ['/v1/invoices?itemType=&itemId=1', 'itemType'],
  ['/v1/invoices?createdFrom=2026-01-01', 'createdFrom'],
  ['/v1/invoices?createdTo=yesterday', 'createdTo'],
  ['/v1/invoices?minAmount=-1', 'minAmount'],
  ['/v1/invoices?minAmount=9007199254740993', 'minAmount'],
  ['/v1/invoices?maxAmount=20.50', 'maxAmount'],
  ['/v1/invoices?q=%20', 'q'],
  ['/v1/invoices?q=%00', 'q'],
  [`/v1/invoices?q=${'x'.repeat(256)}`, 'q'],
  ['/v1/invoices?after=12', 'after'],
  ['/v1/invoices?limit=0', 'limit'],
  ['/v1/invoices?limit=201', 'limit'],
  ['/v1/invoices?limit=1e1', 'limit'],
  ['/v1/invoices?page=2', 'page'],
  ['/v1/invoices?__proto__=2', '__proto__'],
  [`/v1/invoices/${id}?at=now`, 'at'],
  [`/v1/invoices/${id}?at=`, 'at'],
  [`/v1/invoices/${id}?expand=x`, 'expand'],
  [`/v1/invoices/${id}/events?limit=1`, 'limit'],
  [`/v1/invoices/${id}/explain?at=2026-01-01T00:00:00Z`, 'at'],
])('GET %s is refused, naming %s', async (path, param) => {
  const { status, body } = await gateway.send(`GET ${path}`);
  expect(status).toBe(400);
  expect(body).toMatchObject({
    code: 'invalid_request',
    param,
    title: expect.stringMatching(/\w \w/),
  });
  expect(gateway.calls).toEqual([]);
});
