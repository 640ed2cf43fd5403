import { Seed003Created, Seed003Error } from '@quittance/contracts/seed-003';
import { fixture } from '@quittance/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { caller } from '../../core-under-test.ts';
import { aBitsbyInvoice } from '../../domain-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';
import { bodies, curlForm, multipart, order, sendBody, sendForm } from './forms-under-test.ts';

const path = '/invoices/create';
const json = { 'content-type': 'application/json' };

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway({ bodyLimitBytes: 16_384 });
});

const create = (fields: Record<string, string> = {}, headers?: Record<string, string>) =>
  sendForm(gateway, path, { ...order, ...fields }, headers);

/** Bitsby's object, as the core keeps it, with this in it. */
const bitsbyAnswers = (change: Record<string, unknown>) => {
  const object: unknown = JSON.parse(aBitsbyInvoice.providerData ?? '');
  const providerData = JSON.stringify(Object.assign({}, object, change));
  gateway.createdAs({ ...aBitsbyInvoice, providerData });
};

test("the seed's own curl has the seed's own answer, field by field, in its order", async () => {
  const { status, headers, body } = await sendBody(gateway, path, curlForm(order), {
    'content-type': multipart,
  });
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(JSON.stringify(body)).toBe(JSON.stringify(fixture('seeds/003-response.json')));
  expect(Seed003Created.strict().parse(body)).toEqual(body);
  expect(gateway.calls).toEqual([
    [
      'invoices.create',
      {
        caller,
        idempotencyKey: null,
        billed: null,
        money: { amount: 1055, currency: 'EUR' },
        item: { type: 'none', id: 'none' },
        description: '12 months license for BITSBY',
        payload: '{"userId":100,"orderId":500}',
        projectId: '9deea1e2-0c08-41a3-bdc2-a34eada3892d',
        options: { provider: 'bitsby', flow: 'bitsby.invoice', timeToPay: 6 },
        expiry: null,
      },
    ],
  ]);
});

test('a form of either kind and JSON say the same', async () => {
  for (const [type, bodyOf] of bodies) {
    const answer = await sendBody(gateway, path, bodyOf(order), { 'content-type': type });
    expect(answer.status).toBe(200);
  }
  expect(gateway.calls).toHaveLength(3);
  expect(gateway.calls).toEqual([gateway.calls[0], gateway.calls[0], gateway.calls[0]]);
});

describe.each(bodies)('by %s', (type, bodyOf) => {
  test.each([
    '',
    ' ',
    '\ufeff{"a":1}',
    'a\r\nb\nc\r\n',
    'a=1&b=2+3%20#é',
    'a\r\n----a72af03042d82522--',
    '"\\\u2028🛫Ⅷ',
    '{"__proto__":null}',
    '0.10',
    'x'.repeat(4096),
  ])('serviceData comes to the core as it is: %j', async (serviceData) => {
    const body = bodyOf({ ...order, serviceData });
    const { status } = await sendBody(gateway, path, body, { 'content-type': type });
    expect(status).toBe(200);
    expect(gateway.calls).toMatchObject([['invoices.create', { payload: serviceData }]]);
  });
});

test('what is left out, or null, is nothing', async () => {
  const { description: _description, serviceData: _serviceData, ...least } = order;
  await sendForm(gateway, path, least);
  const nulls = JSON.stringify({ ...least, description: null, serviceData: null });
  await sendBody(gateway, path, nulls, json);
  expect(gateway.calls).toMatchObject([
    ['invoices.create', { description: null, payload: null }],
    ['invoices.create', { description: null, payload: null }],
  ]);
});

test('JSON numbers are read as the text they are', async () => {
  const numbers = JSON.stringify(order).replace('"10.55"', '90071992547.01').replace('"6"', '0.5');
  expect((await sendBody(gateway, path, numbers, json)).status).toBe(200);
  expect(gateway.calls).toMatchObject([
    ['invoices.create', { money: { amount: 9_007_199_254_701 }, options: { timeToPay: 0.5 } }],
  ]);
});

test('a project is found by its id in any case', async () => {
  await create({ projectId: '9DEEA1E2-0C08-41A3-BDC2-A34EADA3892D' });
  expect(gateway.calls).toMatchObject([[{}, { projectId: order['projectId'] }]]);
});

test('wallets are shown where Bitsby has said them', async () => {
  const wallets = [
    {
      id: 'c27b0847',
      name: 'usdt-bnb',
      blockchain: 'bnbSmartChain',
      cryptocurrency: 'usdt',
      address: '0x1427',
      amountCrypto: '11.45000000',
    },
  ];
  bitsbyAnswers({ wallets });
  const { data } = Seed003Created.strict().parse((await create()).body);
  expect(Object.keys(data).at(-1)).toBe('wallets');
  expect(data.wallets).toEqual(wallets);
});

test('what Bitsby has not said in USD is not in the answer', async () => {
  bitsbyAnswers({ commissionFiatUSD: undefined, amountFiatUSD: undefined });
  const { status, body } = await create();
  expect(status).toBe(200);
  expect(Object.keys(Seed003Created.parse(body).data)).toEqual([
    'id',
    'uid',
    'createDatetime',
    'timeToPayDatetime',
    'url',
  ]);
});

test('an Idempotency-Key goes to the core, and a malformed one nowhere', async () => {
  await create({}, { 'idempotency-key': 'order 1' });
  expect(gateway.calls).toMatchObject([['invoices.create', { idempotencyKey: 'order 1' }]]);
  const { status, body } = await create({}, { 'idempotency-key': 'clé' });
  expect([status, Seed003Error.parse(body).data]).toEqual([
    400,
    'Idempotency-Key must be 1 to 255 printable ASCII characters',
  ]);
  expect(gateway.calls).toHaveLength(1);
});

test.each([
  ['6', 6],
  ['6.0', 6],
  ['0.5', 0.5],
  ['0.500', 0.5],
  ['12.00', 12],
])('timeToPay=%s is %d hours', async (timeToPay, hours) => {
  await create({ timeToPay });
  expect(gateway.calls).toMatchObject([[{}, { options: { timeToPay: hours } }]]);
});

test.each([
  ['10.550', 1055],
  ['0.01', 1],
  ['010', 1000],
  ['9999999999999.99', 999_999_999_999_999],
])('amountFiat=%s is %d cents', async (amountFiat, amount) => {
  await create({ amountFiat });
  expect(gateway.calls).toMatchObject([[{}, { money: { amount, currency: 'EUR' } }]]);
});
