import { DomainError, type DomainErrorCode } from '@quittance/rpc';
import { beforeEach, describe, expect, test } from 'vitest';
import { locked, lockedPin } from '../../core-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';
import { commands, order, question, sendGet, sendJson, ways } from './requests-under-test.ts';

const routes: [command: string, parameters: Record<string, string>][] = [
  ['new-invoice', order],
  ['invoice-status', question],
];

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

const error = (msg: string) => ({ status: 'error', msg });

describe.each(routes)('%s', (command, parameters) => {
  const path = `${commands}/${command}`;

  test.each(ways)('by %s is kept by nobody, and its URL told to nobody', async (_way, send) => {
    for (const pin of ['481516', '000000', '']) {
      const { headers } = await send(gateway, path, { ...parameters, pin });
      expect([headers.get('cache-control'), headers.get('referrer-policy')]).toEqual([
        'no-store',
        'no-referrer',
      ]);
    }
  });

  test.each(['7', '0', '19140789', 'x', '1914078%00', '9'.repeat(65)])(
    'of the bot %s is not found',
    async (bot) => {
      const { status, body } = await sendJson(
        gateway,
        `/v2/bots/${bot}/web-app/${command}`,
        parameters,
      );
      expect([status, body]).toEqual([404, error('Invalid bot id. Bot not found.')]);
      expect(gateway.calls).toEqual([]);
    },
  );

  test('locked out is told when to come again', async () => {
    const { status, headers, body } = await sendGet(gateway, path, {
      ...parameters,
      pin: lockedPin,
    });
    expect([status, headers.get('retry-after'), body]).toEqual([429, '2', error(locked)]);
    expect(gateway.calls).toEqual([]);
  });

  test.each<[DomainErrorCode, number]>([
    ['invalid_request', 400],
    ['provider_refused', 402],
    ['not_found', 404],
    ['conflict', 409],
    ['idempotency_mismatch', 422],
    ['rate_limited', 429],
    ['unavailable', 503],
    ['outcome_unknown', 504],
  ])("the core's %s is %i, in its words", async (code, expected) => {
    gateway.failWith(new DomainError(code, 'It says why'));
    const { status, body } = await sendJson(gateway, path, parameters);
    expect([status, body]).toEqual([expected, error('It says why')]);
  });

  test('an error that nobody foresaw shows nothing of itself', async () => {
    gateway.failWith(new Error('at /srv/db.ts: password hunter2'));
    const { status, body } = await sendJson(gateway, path, parameters);
    expect([status, body]).toEqual([500, error('Internal error')]);
  });

  test.each(['PUT', 'PATCH', 'DELETE', 'HEAD'])('takes no %s', async (method) => {
    const query = new URLSearchParams(parameters).toString();
    const { status, headers } = await gateway.send(`${method} ${path}?${query}`);
    expect([status, headers.get('allow')]).toEqual([405, 'GET, POST, OPTIONS']);
    expect(gateway.calls).toEqual([]);
  });

  test('says in words what it takes', async () => {
    const { body } = await gateway.send(`PUT ${path}?pin=481516`);
    expect(body).toEqual(error(`${path} takes GET, POST, OPTIONS`));
  });

  test('says to OPTIONS what it takes', async () => {
    const { status, headers, body } = await gateway.send(`OPTIONS ${path}`);
    expect([status, headers.get('allow'), body]).toEqual([204, 'GET, POST, OPTIONS', undefined]);
  });
});

test('a wrong PIN, one of somebody else and that of nobody are refused alike', async () => {
  const path = `${commands}/new-invoice`;
  const refusals = [
    { pin: '000000' },
    { pin: '0' },
    { userId: '123456789' },
    { userId: '1', pin: 'x' },
  ];
  for (const [, send] of ways) {
    for (const change of refusals) {
      const { status, headers, body } = await send(gateway, path, { ...order, ...change });
      expect([status, headers.get('www-authenticate'), JSON.stringify(body)]).toEqual([
        401,
        'Pin parameter="pin"',
        JSON.stringify(error('❌ Incorrect pin. Use /myPin to retrieve it.')),
      ]);
    }
  }
  expect(gateway.calls).toEqual([]);
});

test.each([
  ['money.amount', 'amount'],
  ['options.title', 'title'],
  ['description', 'description'],
  ['payload', 'payload'],
])("the core's %s is called %s", async (param, name) => {
  gateway.failWith(new DomainError('invalid_request', 'is wrong', { param }));
  const { body } = await sendJson(gateway, `${commands}/new-invoice`, order);
  expect(body).toEqual(error(`${name} is wrong`));
});

test.each(['send', 'account', 'new-invoices', 'NEW-INVOICE'])(
  'the command %s is not known',
  async (command) => {
    for (const [, send] of ways) {
      const { status, body } = await send(gateway, `${commands}/${command}`, order);
      expect([status, body]).toEqual([404, error(`There is no command ${command} here`)]);
    }
  },
);

test.each([
  '/v2/bots',
  '/v2/bots/1914078',
  commands,
  `${commands}/`,
  `${commands}/new-invoice/`,
  `${commands}/new-invoice/x`,
])('GET %s is nothing of ours', async (path) => {
  const { status, body } = await gateway.send(`GET ${path}?pin=481516`);
  expect([status, body]).toEqual([404, error(`There is no GET ${path}`)]);
});
