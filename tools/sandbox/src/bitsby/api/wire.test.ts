import { request } from 'node:http';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { bitsbyKey, bitsbyProjectId, order, startBitsby } from '../../testing/bitsby.ts';
import { createManualTime } from '../../testing/manual-time.ts';

/** Sends bytes just so, and resolves with status and body. */
const send = (
  url: string,
  headers: Record<string, string>,
  body: string,
  method = 'POST',
): Promise<[number, unknown]> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () =>
        resolve([response.statusCode ?? 0, JSON.parse(Buffer.concat(chunks).toString())]),
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });

const authorization = `Token ${bitsbyKey}`;
const boundary = '------------------------d74496d66958873e';

/** What `curl -F` sends of these fields, byte for byte. */
const curlBody = (fields: Record<string, string>): string =>
  `${Object.entries(fields)
    .map(
      ([name, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    .join('')}--${boundary}--\r\n`;

const multipart = {
  authorization,
  'content-type': `multipart/form-data; boundary=${boundary}`,
};

const example = {
  ...order,
  description: '12 months license for BITSBY',
  serviceData: '{"userId":100,"orderId":500}',
};

test("the documentation's curl gives the documentation's answer, with its own amounts", async () => {
  const time = createManualTime(Date.UTC(2024, 1, 29, 15, 20, 24, 987));
  await using bitsby = await startBitsby(time);
  const { url } = bitsby.started;
  const uid = expect.stringMatching(/^[A-Za-z0-9]{12}$/);
  const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  const evm = expect.stringMatching(/^0x[0-9a-fA-F]{40}$/);
  const [status, body] = await send(`${url}/invoices/create`, multipart, curlBody(example));
  expect(status).toBe(200);
  expect(body).toStrictEqual({
    result: 'success',
    data: {
      id: uuid,
      uid,
      createDatetime: '2024-02-29 15:20:24',
      timeToPayDatetime: '2024-02-29 21:20:24',
      commissionFiatUSD: '0.11',
      amountFiatUSD: '11.45',
      url: expect.stringMatching(new RegExp(`^${url}/invoices/pay/[A-Za-z0-9]{12}$`)),
      wallets: [
        {
          id: uuid,
          name: 'usdt-tron',
          blockchain: 'tron',
          cryptocurrency: 'usdt',
          address: expect.stringMatching(/^T[1-9A-HJ-NP-Za-km-z]{33}$/),
          amountCrypto: '11.45000000',
        },
        {
          id: uuid,
          name: 'usdt-bnb',
          blockchain: 'bnbSmartChain',
          cryptocurrency: 'usdt',
          address: evm,
          amountCrypto: '11.45000000',
        },
        {
          id: uuid,
          name: 'eth',
          blockchain: 'ethereum',
          cryptocurrency: 'eth',
          address: evm,
          amountCrypto: '0.00329601',
        },
        {
          id: uuid,
          name: 'btc',
          blockchain: 'bitcoin',
          cryptocurrency: 'btc',
          address: expect.stringMatching(/^bc1q[02-9ac-hj-np-z]{38}$/),
          amountCrypto: '0.00018186',
        },
      ],
    },
  });
});

const common = ['id', 'uid', 'createDatetime', 'timeToPayDatetime'];
const amounts = ['commissionFiatUSD', 'amountFiatUSD'];

test.each([
  ['amounts', [...common, ...amounts, 'url']],
  ['amounts_and_wallets', [...common, ...amounts, 'url', 'wallets']],
  ['wallets', [...common, 'url', 'wallets']],
])(
  'with %j the answer has the fields of that version of the documentation',
  async (createAnswer, fields) => {
    await using bitsby = await startBitsby();
    await bitsby.control('PUT', '/settings', { createAnswer, rateLimit: false });
    const data = z.looseObject({}).parse(await bitsby.data('/invoices/create', order));
    expect(Object.keys(data)).toEqual(fields);
  },
);

test('urlencoded fields are read too, and what is sent is what is stored', async () => {
  await using bitsby = await startBitsby();
  const { url } = bitsby.started;
  const texts = { description: 'Кофе & "Tee"\r\n2', serviceData: '{"a":"100% + 1","b":[]}' };
  const form = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
  const encoded = new URLSearchParams({ ...order, ...texts }).toString();
  await send(`${url}/invoices/create`, form, encoded);
  await send(`${url}/invoices/create`, multipart, curlBody({ ...order, ...texts }));
  await send(`${url}/invoices/create`, multipart, curlBody({ ...order, description: '' }));
  expect(await bitsby.data('/invoices/list')).toMatchObject([
    { description: null, serviceData: null },
    texts,
    texts,
  ]);
});

test('of a field given twice the last counts, and unknown fields are ignored', async () => {
  await using bitsby = await startBitsby();
  const form = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
  const body = `${new URLSearchParams(order).toString()}&amountFiat=7&colour=red`;
  await send(`${bitsby.started.url}/invoices/create`, form, body);
  expect(await bitsby.data('/invoices/list')).toMatchObject([{ amountFiat: '7.00' }]);
});

const without = (name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(order).filter(([field]) => field !== name));

const amountText = 'amountFiat must be a decimal above 0 with at most 12 digits and 2 decimals';

test.each<[Record<string, string>, string]>([
  [without('projectId'), 'projectId is required'],
  [without('amountFiat'), 'amountFiat is required'],
  [without('currencyFiat'), 'currencyFiat is required'],
  [without('timeToPay'), 'timeToPay is required'],
  [
    {},
    'projectId is required; amountFiat is required; currencyFiat is required; timeToPay is required',
  ],
  [{ ...order, amountFiat: '' }, 'amountFiat is required'],
  [{ ...order, projectId: 'shop' }, 'projectId must be a UUID'],
  [{ ...order, projectId: '1c48b092-9878-48f5-b441-07a8a48e7b54' }, 'projectId: project not found'],
  ...[
    '-1',
    '1e3',
    '10.555',
    '10,5',
    ' 10',
    '+1',
    '.5',
    '5.',
    '0x10',
    'NaN',
    '1'.repeat(13),
    '0',
    '0.00',
  ].map((amountFiat): [Record<string, string>, string] => [{ ...order, amountFiat }, amountText]),
  [{ ...order, amountFiat: '0.01', currencyFiat: 'RUB' }, 'amountFiat is worth less than 0.01 USD'],
  [{ ...order, currencyFiat: 'GBP' }, 'currencyFiat must be one of USD, EUR, RUB'],
  [{ ...order, currencyFiat: 'usd' }, 'currencyFiat must be one of USD, EUR, RUB'],
  [{ ...order, timeToPay: '2' }, 'timeToPay must be one of 0.5, 1, 3, 6, 12'],
  [{ ...order, timeToPay: 'x' }, 'timeToPay must be one of 0.5, 1, 3, 6, 12'],
])('creating with %j is refused: %s', async (fields, text) => {
  await using bitsby = await startBitsby();
  const { status, body } = await bitsby.post('/invoices/create', fields);
  expect({ status, body }).toEqual({ status: 200, body: { result: 'error', data: text } });
  expect(await bitsby.data('/invoices/list')).toEqual([]);
});

test.each([
  ['10', '10.00'],
  ['10.5', '10.50'],
  ['0.01', '0.01'],
  ['999999999999.99', '999999999999.99'],
])('an amount of %s is exact: %s', async (amountFiat, stored) => {
  await using bitsby = await startBitsby();
  await bitsby.create({ amountFiat, currencyFiat: 'USD' });
  expect(await bitsby.data('/invoices/list')).toMatchObject([
    { amountFiat: stored, amountFiatUSD: stored },
  ]);
});

test.each([
  ['0.5', '00:30:00'],
  ['1', '01:00:00'],
  ['1.0', '01:00:00'],
  ['3', '03:00:00'],
  ['6', '06:00:00'],
  ['12', '12:00:00'],
])('%s hours to pay end at %s', async (timeToPay, until) => {
  await using bitsby = await startBitsby(createManualTime());
  expect(await bitsby.data('/invoices/create', { ...order, timeToPay })).toMatchObject({
    timeToPayDatetime: `2026-01-01 ${until}`,
  });
});

test('files, broken bodies and other types are refused', async () => {
  await using bitsby = await startBitsby();
  const { url } = bitsby.started;
  const file = new Blob(['x']);
  expect(await bitsby.refusal('/invoices/create', { ...order, serviceData: file })).toBe(
    'serviceData must be a field, not a file',
  );
  const create = `${url}/invoices/create`;
  const broken = 'The body could not be read as a form';
  expect(await send(create, multipart, curlBody(example).slice(0, -30))).toEqual([
    200,
    { result: 'error', data: broken },
  ]);
  const noBoundary = { authorization, 'content-type': 'multipart/form-data' };
  expect(await send(create, noBoundary, curlBody(example))).toEqual([
    200,
    { result: 'error', data: broken },
  ]);
  const json = { authorization, 'content-type': 'application/json' };
  expect(await send(create, json, JSON.stringify(order))).toEqual([
    200,
    {
      result: 'error',
      data: 'The body must be multipart/form-data or application/x-www-form-urlencoded',
    },
  ]);
  expect(await bitsby.data('/invoices/list')).toEqual([]);
});

test.each([
  [undefined],
  [`Bearer ${bitsbyKey}`],
  ['Token'],
  ['Token short'],
  [`Token ${'x'.repeat(16)}!`],
  [bitsbyKey],
])('authorization %j is refused', async (value) => {
  await using bitsby = await startBitsby();
  const headers: Record<string, string> = value === undefined ? {} : { authorization: value };
  expect(await send(`${bitsby.started.url}/invoices/list`, headers, '')).toEqual([
    401,
    { result: 'error', data: 'Invalid API key' },
  ]);
});

test('only POST, and only what is documented', async () => {
  await using bitsby = await startBitsby();
  const { url } = bitsby.started;
  expect(await send(`${url}/invoices/list`, { authorization }, '', 'GET')).toEqual([
    405,
    { result: 'error', data: 'Only POST is allowed' },
  ]);
  const { uid } = await bitsby.create();
  for (const path of ['/invoices/get', `/invoices/pay/${uid}`]) {
    const body = { result: 'error', data: 'Method not found' };
    expect(await bitsby.post(path)).toEqual({ status: 404, body });
  }
});

test('every API key is an account of its own', async () => {
  await using bitsby = await startBitsby();
  const other = 'another0account0key';
  const { id } = await bitsby.create();
  for (const [path, fields, text] of [
    ['/invoices/create', order, 'projectId: project not found'],
    ['/invoices/cancel', { invoiceId: id }, 'invoiceId: invoice not found'],
    ['/invoices/bindPayment', { invoiceId: id, paymentId: id }, 'invoiceId: invoice not found'],
  ] as const) {
    expect(await bitsby.refusal(path, fields, other)).toBe(text);
  }
  for (const filter of [{}, { projectId: bitsbyProjectId }, { invoiceId: id }]) {
    expect(await bitsby.data('/invoices/list', filter, other)).toEqual([]);
  }
  expect(await bitsby.data('/billing/tarrifs', {}, other)).toEqual([]);
});
