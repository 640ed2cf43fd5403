import { CanonicalProblem } from '@quittance/contracts/canonical';
import { DomainError, type DomainErrorCode } from '@quittance/rpc';
import { beforeEach, describe, expect, test } from 'vitest';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';

const invoice = '/v1/invoices/68b0c1d2e3f4a5b6c7d8e9f0';
const endpoint = '/v1/webhook-endpoints/ep_68b0c1d2e3f4a5b6c7d8e9f1';
const delivery = '/v1/deliveries/del_68b0c1d2e3f4a5b6c7d8e9f2';
const project = '/v1/projects/9deea1e2-0c08-41a3-bdc2-a34eada3892d';
const policy = { tolerance: { kind: 'absolute', amount: 0 }, topUp: true, late: 'accept' };

/** A key with that scope alone, and one with every scope that is not it. */
const keys = {
  'invoices:read': ['qk_read', 'qk_write'],
  'invoices:write': ['qk_write', 'qk_read'],
  'webhooks:read': ['qk_hooks_read', 'qk_hooks_write'],
  'webhooks:write': ['qk_hooks_write', 'qk_hooks_read'],
  'account:read': ['qk_account_read', 'qk_account_write'],
  'account:write': ['qk_account_write', 'qk_account_read'],
} as const;

const routes: [target: string, scope: keyof typeof keys, status: number, sent?: unknown][] = [
  ['POST /v1/invoices', 'invoices:write', 201, { provider: 'stripe', amount: 1, currency: 'EUR' }],
  ['GET /v1/invoices', 'invoices:read', 200],
  [`GET ${invoice}`, 'invoices:read', 200],
  [`POST ${invoice}/cancel`, 'invoices:write', 200],
  [`POST ${invoice}/refunds`, 'invoices:write', 201],
  [`POST ${invoice}/finalize`, 'invoices:write', 200],
  [`POST ${invoice}/pay`, 'invoices:write', 200],
  [`POST ${invoice}/send`, 'invoices:write', 200],
  [`POST ${invoice}/void`, 'invoices:write', 200],
  [`POST ${invoice}/mark-uncollectible`, 'invoices:write', 200],
  [`GET ${invoice}/events`, 'invoices:read', 200],
  [`GET ${invoice}/explain`, 'invoices:read', 200],
  ['GET /v1/events', 'invoices:read', 200],
  ['GET /v1/events/41/message', 'invoices:read', 200],
  ['GET /v1/providers', 'invoices:read', 200],
  ['POST /v1/webhook-endpoints', 'webhooks:write', 201, { url: 'https://shop.example/hook' }],
  ['GET /v1/webhook-endpoints', 'webhooks:read', 200],
  [`GET ${endpoint}`, 'webhooks:read', 200],
  [`PATCH ${endpoint}`, 'webhooks:write', 200, { enabled: true }],
  [`DELETE ${endpoint}`, 'webhooks:write', 200],
  [`POST ${endpoint}/rotate-secret`, 'webhooks:write', 200],
  [`POST ${endpoint}/test`, 'webhooks:write', 200],
  [`POST ${endpoint}/replay`, 'webhooks:write', 200, { failed: true }],
  ['GET /v1/deliveries', 'webhooks:read', 200],
  [`GET ${delivery}`, 'webhooks:read', 200],
  [`GET ${delivery}/attempts`, 'webhooks:read', 200],
  [`POST ${delivery}/replay`, 'webhooks:write', 200],
  ['POST /v1/projects', 'account:write', 201, { name: 'The shop' }],
  ['GET /v1/projects', 'account:read', 200],
  [`GET ${project}`, 'account:read', 200],
  [`PATCH ${project}`, 'account:write', 200, { name: 'The shop' }],
  ['GET /v1/policy', 'account:read', 200],
  ['PUT /v1/policy', 'account:write', 200, policy],
];
const bodies = new Map(routes.map(([target, , , sent]) => [target, JSON.stringify(sent)]));
const mutations = routes.filter(([target]) => !target.startsWith('GET '));
/** Those that make something, or ask a provider for something, once for each key. */
const keyed = mutations.filter(
  ([target, scope]) =>
    scope === 'invoices:write' ||
    ['POST /v1/webhook-endpoints', 'POST /v1/projects'].includes(target),
);
const methodsOf = (path: string): string[] =>
  routes.flatMap(([target]) => (target.endsWith(` ${path}`) ? target.split(' ').slice(0, 1) : []));

const failures: [DomainErrorCode, number][] = [
  ['invalid_request', 400],
  ['unauthenticated', 401],
  ['provider_refused', 402],
  ['forbidden', 403],
  ['not_found', 404],
  ['conflict', 409],
  ['payload_too_large', 413],
  ['unsupported_media_type', 415],
  ['idempotency_mismatch', 422],
  ['rate_limited', 429],
  ['internal', 500],
  ['unavailable', 503],
  ['outcome_unknown', 504],
];

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

/** A request that its route takes, with these headers. */
const call = (target: string, headers: Record<string, string> = {}) => {
  const body = bodies.get(target);
  return gateway.send(target, {
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body }),
  });
};

describe.each(routes)('%s', (target, scope, success) => {
  test('takes a key with its scope, and is kept by nobody', async () => {
    const { status, headers } = await call(target, { authorization: `Bearer ${keys[scope][0]}` });
    expect([status, headers.get('cache-control')]).toEqual([success, 'no-store']);
    expect(gateway.calls).toHaveLength(1);
  });

  test('refuses a key without it', async () => {
    const { status, body } = await call(target, { authorization: `Bearer ${keys[scope][1]}` });
    expect(status).toBe(403);
    expect(body).toMatchObject({ code: 'forbidden', title: expect.stringContaining(scope) });
    expect(gateway.calls).toEqual([]);
  });

  test('refuses an admin, who has no scope of its own here', async () => {
    const { status } = await call(target, { authorization: 'Bearer qk_admin' });
    expect([status, gateway.calls]).toEqual([403, []]);
  });

  test('says what the provider said, where it is the one that refused', async () => {
    const refusal = { status: 402, code: 'card_declined', param: 'payment_method' };
    gateway.failWith(new DomainError('provider_refused', 'Your card was declined.', { refusal }));
    const { status, body } = await call(target);
    expect([status, CanonicalProblem.strict().parse(body).providerError]).toEqual([402, refusal]);
  });

  test.each(['', 'Bearer', 'Bearer qk_other', 'Basic cWtfYWxs', 'Token qk_all'])(
    'refuses the authorization %j',
    async (authorization) => {
      const { status, headers, body } = await call(target, { authorization });
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toBe('Bearer');
      expect(body).toMatchObject({ code: 'unauthenticated' });
      expect(gateway.calls).toEqual([]);
    },
  );

  test.each(failures)("the core's %s is %i", async (code, expected) => {
    gateway.failWith(new DomainError(code, 'It says why'));
    const { status, headers, body } = await call(target, { 'x-request-id': 'r-1' });
    expect(status).toBe(expected);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(CanonicalProblem.strict().parse(body)).toEqual({
      type: 'about:blank',
      title: 'It says why',
      status: expected,
      code,
      requestId: 'r-1',
    });
  });

  test.each([
    ['rate_limited', 15_001, '16'],
    ['rate_limited', 1000, '1'],
    ['unavailable', 200, '1'],
  ] as const)('%s says when to ask again: in %i ms', async (code, retryAfterMs, seconds) => {
    gateway.failWith(new DomainError(code, 'Later', { retryAfterMs }));
    expect((await call(target)).headers.get('retry-after')).toBe(seconds);
    gateway.failWith(new DomainError(code, 'Later'));
    expect((await call(target)).headers.get('retry-after')).toBeNull();
  });

  test('an error that nobody foresaw shows nothing of itself', async () => {
    gateway.failWith(new Error('at /srv/db.ts: password hunter2'));
    const { status, body } = await call(target);
    expect(status).toBe(500);
    expect(CanonicalProblem.parse(body).title).toBe('Internal error');
  });

  const [method = '', path = ''] = target.split(' ');
  const anonymous = { headers: { authorization: '' } };

  const others = ['PUT', 'PATCH', 'DELETE'].filter((one) => !methodsOf(path).includes(one));

  test.each(others)('refuses %s and says what it takes', async (other) => {
    const { status, headers, body } = await gateway.send(`${other} ${path}`, anonymous);
    expect([status, headers.get('connection')]).toEqual([405, 'close']);
    expect(headers.get('allow')).toContain(method);
    expect(CanonicalProblem.parse(body)).toMatchObject({ code: 'method_not_allowed', status: 405 });
  });

  test('says to OPTIONS what it takes, and answers HEAD where it answers GET', async () => {
    const options = await gateway.send(`OPTIONS ${path}`, anonymous);
    expect([options.status, options.body]).toEqual([204, undefined]);
    for (const one of methodsOf(path)) expect(options.headers.get('allow')).toContain(one);
    const takesGet = methodsOf(path).includes('GET');
    const head = await gateway.send(`HEAD ${path}`);
    expect([head.status, head.body]).toEqual([takesGet ? 200 : 405, undefined]);
  });
});

describe.each(keyed)('%s', (target, _scope, success) => {
  test.each(['k', 'order 1, again', 'x'.repeat(255)])('takes the key %s', async (key) => {
    expect((await call(target, { 'idempotency-key': key })).status).toBe(success);
    expect(gateway.calls).toMatchObject([[expect.anything(), { idempotencyKey: key }]]);
  });

  test.each(['', '  ', 'x'.repeat(256), 'clé'])('refuses the key %j', async (key) => {
    const { status, body } = await call(target, { 'idempotency-key': key });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'invalid_request', param: 'Idempotency-Key' });
    expect(gateway.calls).toEqual([]);
  });
});

describe.each(mutations)('%s', (target) => {
  test('refuses a body above the limit, declared or not', async () => {
    const json = { 'content-type': 'application/json' };
    const long = { body: `"${'x'.repeat(5000)}"` };
    const sized = { ...json, 'content-length': '5002' };
    const declared = await gateway.send(target, { headers: sized, ...long });
    const found = await gateway.send(target, { headers: json, ...long });
    for (const { status, headers, body } of [declared, found]) {
      expect([status, headers.get('connection')]).toEqual([413, 'close']);
      expect(body).toMatchObject({ code: 'payload_too_large' });
    }
    expect(gateway.calls).toEqual([]);
  });
});

test.each([
  ['money.amount', 'amount'],
  ['money.currency', 'currency'],
  ['options.flow', 'flow'],
  ['options.due.days', 'dueInDays'],
  ['options.due.time', 'dueAt'],
  ['options.lines.0.unitAmount', 'lines.0.unitAmount'],
  ['act.paymentMethod', 'paymentMethod'],
  ['filter.text', 'q'],
  ['filter.item.id', 'itemId'],
  ['filter.createdFrom', 'createdFrom'],
  ['filter.state', 'status'],
  ['filter.invoicePublicId', 'invoiceId'],
  ['what.until', 'until'],
  ['options.timeToPay', 'timeToPay'],
  ['providers.0.ref', 'bitsby.projectId'],
  ['policy.topUp', 'topUp'],
  ['projectId', 'projectId'],
  ['item.id', 'item.id'],
  ['Idempotency-Key', 'Idempotency-Key'],
])("the core's %s is called %s", async (param, name) => {
  gateway.failWith(new DomainError('invalid_request', 'It is wrong', { param }));
  expect((await call('POST /v1/invoices')).body).toMatchObject({ param: name });
});

test.each([
  'GET /v1',
  'GET /v1/invoices/',
  `GET ${invoice}/payments`,
  'GET /v1/event',
  'GET /v1/events/41',
  `GET ${delivery}/message`,
])('%s is nothing of ours', async (target) => {
  expect(await call(target)).toMatchObject({ status: 404, body: { code: 'not_found' } });
});

test.each([
  ['GET /v1/invoices?limit=201', 'must be an integer from 1 to 200'],
  ['GET /v1/events?limit=1001', 'must be an integer from 1 to 1000'],
  ['GET /v1/invoices?status=open', 'must be one of: draft, creating, pending'],
  ['GET /v1/deliveries?status=open', 'must be one of: pending, succeeded, failed'],
  ['GET /v1/deliveries?endpointId=1', 'must be the id of a webhook endpoint'],
  [`GET ${invoice}?at=now`, 'must be a time such as 2026-01-31T12:00:00Z'],
])('%s is told that it %s', async (target, title) => {
  expect((await call(target)).body).toMatchObject({ title: expect.stringContaining(title) });
});

test('a refund of nothing is told what it can be', async () => {
  const { body } = await gateway.post(`${invoice}/refunds`, { amount: 0 });
  expect(body).toMatchObject({ title: expect.stringContaining('must be an integer from 1 to') });
});
