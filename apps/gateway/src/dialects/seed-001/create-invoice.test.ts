import { Seed001Created } from '@quittance/contracts/seed-001';
import { fixture, fixtureText } from '@quittance/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { caller } from '../../core-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';
import { aPaidTelegramInvoice, aTelegramInvoice } from '../../telegram-under-test.ts';
import { commands, order, sendGet, sendJson, ways } from './requests-under-test.ts';

const path = `${commands}/new-invoice`;

/** What the core is asked for `order`. */
const asked = {
  caller,
  idempotencyKey: null,
  billed: null,
  money: { amount: 10, currency: 'XTR' },
  item: { type: 'none', id: 'none' },
  description: 'Payment for test',
  payload: 'user123-payment',
  projectId: null,
  options: {
    provider: 'telegram',
    flow: 'telegram.bot_api',
    title: 'Test Payment',
    link: false,
  },
  expiry: null,
};

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway({ qrUrl: 'https://quickchart.io/qr' });
});

describe.each(ways)('by %s', (_way, send) => {
  test("the seed's own answer, to the letter", async () => {
    const { status, headers, body } = await send(gateway, path, order);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(JSON.stringify(body)).toBe(JSON.stringify(fixture('seeds/001-response.json')));
    expect(Seed001Created.parse(body)).toEqual(body);
    expect(gateway.calls).toEqual([['invoices.create', asked]]);
  });

  test.each([
    ' a ',
    '\ufeffa',
    'a\r\nb\nc\t',
    'a=1&b=2+3%20#é;',
    '"\\\u2028🛫Ⅷ',
    '{"__proto__":null}',
    '0.10',
    '<b>&amp;</b>',
    'é'.repeat(16),
  ])('texts come to the core as they are: %j', async (text) => {
    const texts = { title: text, description: text, payload: text };
    expect((await send(gateway, path, { ...order, ...texts })).status).toBe(200);
    expect(gateway.calls).toMatchObject([
      [{}, { description: text, payload: text, options: { title: text } }],
    ]);
  });

  test('an Idempotency-Key goes to the core', async () => {
    await send(gateway, path, order, { 'idempotency-key': 'order 1' });
    expect(gateway.calls).toMatchObject([[{}, { idempotencyKey: 'order 1' }]]);
  });

  test('the longest texts', async () => {
    const texts = {
      title: 'x'.repeat(32),
      description: 'x'.repeat(255),
      payload: 'é'.repeat(64),
    };
    expect((await send(gateway, path, { ...order, ...texts })).status).toBe(200);
  });
});

test("the seed's own request is understood", async () => {
  const request = fixtureText('seeds/001-request.json')
    .replace('123456789', '7378059553')
    .replace('"123456"', '"481516"');
  const { status } = await gateway.post(path, request);
  expect(status).toBe(200);
  expect(gateway.calls).toMatchObject([
    [
      {},
      {
        money: { amount: 150, currency: 'XTR' },
        description: 'Payment for premium subscription',
        payload: 'user123-payment',
        options: { title: 'Premium Plan' },
      },
    ],
  ]);
});

test('numbers may come as numbers, a PIN too', async () => {
  const numbers = JSON.stringify(order).replaceAll(/"(amount|userId|pin)":"(\d+)"/g, '"$1":$2');
  expect(numbers).toContain('"pin":481516,');
  const { status } = await gateway.post(path, numbers);
  expect([status, gateway.calls]).toEqual([200, [['invoices.create', asked]]]);
});

test.each(['10', '10.0', '10.000', '0010'])('an amount of %s is 10', async (amount) => {
  await sendGet(gateway, path, { ...order, amount });
  expect(gateway.calls).toMatchObject([[{}, { money: { amount: 10 } }]]);
});

test('what is not known here is passed over, as by the original', async () => {
  expect((await sendGet(gateway, path, { ...order, _: '17' })).status).toBe(200);
});

test('part of the parameters may come as a query, with the rest in the body', async () => {
  const { amount = '', ...rest } = order;
  expect((await sendJson(gateway, `${path}?amount=${amount}`, rest)).status).toBe(200);
});

test('behind the BBP bot it is BB Points', async () => {
  const { status, body } = await sendJson(gateway, '/v2/bots/42/web-app/new-invoice', order);
  expect(status).toBe(200);
  expect(JSON.stringify(body)).toBe(JSON.stringify(fixture('seeds/001-response.json')));
  expect(gateway.calls).toMatchObject([
    [
      {},
      {
        money: { amount: 10, currency: 'BBP' },
        options: { provider: 'telegram', flow: 'telegram.bots_business', title: 'Test Payment' },
      },
    ],
  ]);
});

test('a create that is repeated after the payment says so', async () => {
  gateway.createdAs(aPaidTelegramInvoice);
  const { body } = await sendJson(gateway, path, order);
  expect(body).toMatchObject({ invoice: { status: 'paid', paidBy: '123456789' } });
});

test('a bot that gave no link to pay has none', async () => {
  gateway.createdAs({ ...aTelegramInvoice, providerData: '{"title":5}' });
  const { body } = await sendJson(gateway, path, order);
  expect(body).toMatchObject({ invoice: { title: '5', payLink: null } });
});
