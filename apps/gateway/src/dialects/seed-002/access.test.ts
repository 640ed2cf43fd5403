import { CanonicalProblem } from '@quittance/contracts/canonical';
import { DomainError, type DomainErrorCode } from '@quittance/rpc';
import { beforeEach, describe, expect, test } from 'vitest';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';

const path = '/admin/api/invoices';
const order = JSON.stringify({
  items: [{ name: 'x', amount: 1 }],
  customer: 'cus_1',
  currency: 'eur',
});

const routes: [target: string, allow: string][] = [
  [`POST ${path}`, 'GET, POST, HEAD, OPTIONS'],
  [`GET ${path}`, 'GET, POST, HEAD, OPTIONS'],
  [`GET ${path}/65490130ff600e06af2a9694`, 'GET, HEAD, OPTIONS'],
];

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

/** A request that its route takes, with these headers. */
const call = (target: string, headers: Record<string, string> = {}) =>
  gateway.send(target, {
    headers: {
      'content-type': 'application/json',
      authorization: '',
      'api-key': 'qk_admin',
      ...headers,
    },
    ...(target.startsWith('POST') && { body: order }),
  });

describe.each(routes)('%s', (target, allow) => {
  test("takes an admin's key, and is kept by nobody", async () => {
    const { status, headers } = await call(target);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  });

  test.each(['', 'qk_other', 'Bearer qk_admin', 'qk_admin, qk_admin'])(
    'refuses the key %j',
    async (key) => {
      const { status, headers, body } = await call(target, { 'api-key': key });
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toBe('ApiKey header="Api-Key"');
      expect(CanonicalProblem.strict().parse(body).code).toBe('unauthenticated');
      expect(gateway.calls).toEqual([]);
    },
  );

  test('refuses a key in the header of the other APIs', async () => {
    const bearer = { 'api-key': '', authorization: 'Bearer qk_admin' };
    expect((await call(target, bearer)).status).toBe(401);
  });

  test('refuses a key of no admin', async () => {
    const answer = await call(target, { 'api-key': 'qk_all' });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(gateway.calls).toEqual([]);
  });

  test.each<[DomainErrorCode, number]>([
    ['provider_refused', 402],
    ['conflict', 409],
    ['idempotency_mismatch', 422],
    ['unavailable', 503],
    ['outcome_unknown', 504],
  ])("the core's %s is %i", async (code, expected) => {
    gateway.failWith(new DomainError(code, 'It says why'));
    const { status, body } = await call(target, { 'x-request-id': 'r-1' });
    expect(status).toBe(expected);
    expect(body).toEqual({
      type: 'about:blank',
      title: 'It says why',
      status: expected,
      code,
      requestId: 'r-1',
    });
  });

  const [, at = ''] = target.split(' ');

  test.each(['PUT', 'PATCH', 'DELETE'])('refuses %s and says what it takes', async (other) => {
    const { status, headers, body } = await gateway.send(`${other} ${at}`);
    expect([status, headers.get('allow')]).toEqual([405, allow]);
    expect(body).toMatchObject({ code: 'method_not_allowed' });
  });

  test('says to OPTIONS what it takes', async () => {
    const { status, headers } = await gateway.send(`OPTIONS ${at}`);
    expect([status, headers.get('allow')]).toEqual([204, allow]);
  });
});

test('an Idempotency-Key goes to the core, and a malformed one nowhere', async () => {
  await call(`POST ${path}`, { 'idempotency-key': 'order 1' });
  expect(gateway.calls.at(-1)).toMatchObject(['invoices.create', { idempotencyKey: 'order 1' }]);
  const refused = await call(`POST ${path}`, { 'idempotency-key': 'clé' });
  expect(refused).toMatchObject({ status: 400, body: { param: 'Idempotency-Key' } });
});

test('a body above the limit, or of another type', async () => {
  const send = (body: string, type: string) =>
    gateway.post(path, body, { 'api-key': 'qk_admin', 'content-type': type });
  expect((await send(`"${'x'.repeat(5000)}"`, 'application/json')).status).toBe(413);
  expect((await send(order, 'text/plain')).status).toBe(415);
  expect(gateway.calls).toEqual([]);
});

test.each(['GET /admin/api', `GET ${path}/`, `GET ${path}/in_1/lines`, 'GET /admin/api/users'])(
  '%s is nothing of ours',
  async (target) => {
    expect(await call(target)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  },
);
