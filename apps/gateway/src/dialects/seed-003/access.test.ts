import { Seed003Error } from '@quittance/contracts/seed-003';
import { DomainError, type DomainErrorCode } from '@quittance/rpc';
import { beforeEach, describe, expect, test } from 'vitest';
import { aBitsbyInvoice } from '../../domain-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';
import { order, sendForm } from './forms-under-test.ts';

const routes: [path: string, key: string, other: string, fields: Record<string, string>][] = [
  ['/invoices/create', 'qk_write', 'qk_read', order],
  ['/invoices/list', 'qk_read', 'qk_write', {}],
  [
    '/invoices/cancel',
    'qk_write',
    'qk_read',
    { invoiceId: 'ade9550d-3dc7-4fd3-b94e-3b4c12aaaa0c' },
  ],
];

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
  gateway.canceledAs({ ...aBitsbyInvoice, status: 'canceled' });
});

describe.each(routes)('POST %s', (path, key, other, fields) => {
  const call = (headers: Record<string, string> = {}) => sendForm(gateway, path, fields, headers);

  test.each([`Token ${key}`, `token  ${key} `])('takes %j, and is kept by nobody', async (text) => {
    const { status, headers } = await call({ authorization: text });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  });

  test('refuses a key without its scope', async () => {
    const { status, body } = await call({ authorization: `Token ${other}` });
    expect(status).toBe(403);
    expect(Seed003Error.strict().parse(body).data).toContain('It lacks invoices:');
    expect(gateway.calls).toEqual([]);
  });

  test.each(['', 'Token', 'Token qk_other', 'Bearer qk_all', 'qk_all', 'Token a b'])(
    'refuses the authorization %j',
    async (authorization) => {
      const { status, headers, body } = await call({ authorization });
      expect([status, headers.get('www-authenticate')]).toEqual([401, 'Token']);
      expect(Seed003Error.strict().parse(body).data).toBe('The API key is not known');
      expect(gateway.calls).toEqual([]);
    },
  );

  test.each<[DomainErrorCode, number]>([
    ['invalid_request', 400],
    ['provider_refused', 402],
    ['not_found', 404],
    ['conflict', 409],
    ['idempotency_mismatch', 422],
    ['unavailable', 503],
  ])("the core's %s is %i, in its words", async (code, expected) => {
    gateway.failWith(new DomainError(code, 'It says why'));
    const { status, body } = await call();
    expect([status, body]).toEqual([expected, { result: 'error', data: 'It says why' }]);
  });

  test('what came too early is told so as Bitsby does, and when to come again', async () => {
    gateway.failWith(new DomainError('rate_limited', 'So many wait', { retryAfterMs: 15_001 }));
    const known = await call();
    expect([known.status, known.headers.get('retry-after'), known.body]).toEqual([
      429,
      '16',
      { result: 'error', data: 'Requests too frequent' },
    ]);
    gateway.failWith(new DomainError('rate_limited', 'So many wait'));
    expect((await call()).headers.get('retry-after')).toBe('1');
  });

  test('what cannot be served now is told when to come again', async () => {
    gateway.failWith(new DomainError('unavailable', 'Not now', { retryAfterMs: 2500 }));
    expect((await call()).headers.get('retry-after')).toBe('3');
    gateway.failWith(new DomainError('unavailable', 'Not now'));
    expect((await call()).headers.get('retry-after')).toBe('1');
    gateway.failWith(new DomainError('conflict', 'Not so'));
    expect((await call()).headers.get('retry-after')).toBeNull();
  });

  test('what nobody knows the outcome of is told to look before it asks again', async () => {
    gateway.failWith(new DomainError('outcome_unknown', 'It is kept and being found out'));
    const { status, body } = await call();
    expect([status, Seed003Error.parse(body).data]).toEqual([
      504,
      'It is kept and being found out; see /invoices/list before you ask again',
    ]);
  });

  test('an error that nobody foresaw shows nothing of itself', async () => {
    gateway.failWith(new Error('at /srv/db.ts: password hunter2'));
    const { status, body } = await call();
    expect([status, body]).toEqual([500, { result: 'error', data: 'Internal error' }]);
  });

  test.each(['GET', 'PUT', 'PATCH', 'DELETE'])('refuses %s', async (method) => {
    const { status, headers, body } = await gateway.send(`${method} ${path}`);
    expect([status, headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    expect(Seed003Error.strict().parse(body).data).toBe(`${path} takes POST, OPTIONS`);
  });

  test('says to OPTIONS what it takes', async () => {
    const { status, headers, body } = await gateway.send(`OPTIONS ${path}`);
    expect([status, headers.get('allow'), body]).toEqual([204, 'POST, OPTIONS', undefined]);
  });
});

test.each([
  ['money.amount', 'amountFiat'],
  ['money.currency', 'currencyFiat'],
  ['payload', 'serviceData'],
  ['options.timeToPay', 'timeToPay'],
  ['projectId', 'projectId'],
])("the core's %s is called %s", async (param, name) => {
  gateway.failWith(new DomainError('invalid_request', 'is wrong', { param }));
  const { body } = await sendForm(gateway, '/invoices/create', order);
  expect(body).toEqual({ result: 'error', data: `${name} is wrong` });
});

test("another account's project is not found", async () => {
  gateway.failWith(new DomainError('not_found', 'No project 9deea1e2', { param: 'projectId' }));
  const { status, body } = await sendForm(gateway, '/invoices/create', order);
  expect([status, body]).toEqual([404, { result: 'error', data: 'projectId is not found' }]);
});

test.each([
  'POST /invoices',
  'GET /invoices',
  'POST /invoices/bindPayment',
  'GET /invoices/create/',
])('%s is nothing of ours', async (target) => {
  const { status, body } = await gateway.send(target);
  expect([status, body]).toEqual([404, { result: 'error', data: `There is no ${target}` }]);
});
