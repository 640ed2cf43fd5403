import { expect, test } from 'vitest';
import { failureOf } from '../../testing/stripe-failure.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';

test.each([
  [{}, 'You did not provide an API key'],
  [{ authorization: 'Bearer sk_live_1234567890abcdef' }, 'Invalid API Key provided: sk_live_'],
  [{ authorization: 'Bearer nonsense' }, 'Invalid API Key provided: ********'],
])('refuses the credentials %j', async (headers, message) => {
  await using started = await startSandbox();
  const answer = await fetch(`${started.url}/v1/customers`, { headers });
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({
    error: { type: 'invalid_request_error', message: expect.stringContaining(message) },
  });
});

test('takes the key as Basic user too', async () => {
  await using started = await startSandbox();
  const authorization = `Basic ${Buffer.from('sk_test_basic:').toString('base64')}`;
  const answer = await fetch(`${started.url}/v1/customers`, { headers: { authorization } });
  expect(answer.status).toBe(200);
});

test('every answer has its request id and version', async () => {
  await using started = await startSandbox();
  const plain = await started.call('GET', '/v1/customers');
  expect(plain.headers.get('request-id')).toMatch(/^req_\w{14}$/);
  expect(plain.headers.get('stripe-version')).toBe('2026-10-28.endive');
  const older = await started.call('GET', '/v1/none', {
    headers: { 'stripe-version': '2023-10-16' },
  });
  expect(older.headers.get('stripe-version')).toBe('2023-10-16');
  expect(older.headers.get('request-id')).not.toBe(plain.headers.get('request-id'));
});

test('an unknown path is Stripe’s 404, a path of nobody the sandbox’s own', async () => {
  await using started = await startSandbox();
  const unknown = await started.call('GET', '/v1/x');
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toMatchObject({
    error: {
      type: 'invalid_request_error',
      message: expect.stringContaining('Unrecognized request URL (GET: /v1/x)'),
    },
  });
  expect((await started.call('GET', '/elsewhere')).status).toBe(404);
});

test.each([
  ['amount=1000', 'parameter_missing', 'currency', 'Missing required param: currency.'],
  ['amount=ten&currency=usd', 'parameter_invalid_integer', 'amount', 'Invalid integer: ten'],
  ['amount=10.5&currency=usd', 'parameter_invalid_integer', 'amount', 'Invalid integer: 10.5'],
  ['amount=-5&currency=usd', 'parameter_invalid_integer', 'amount', 'Invalid positive integer'],
  ['amount[a]=1&currency=usd', undefined, 'amount', 'Invalid string'],
  [
    'amount=1000&currency=usd&colour=red',
    'parameter_unknown',
    'colour',
    'Received unknown parameter: colour',
  ],
  [
    'amount=1000&currency=usd&automatic_payment_methods[enabled]=true&automatic_payment_methods[x]=1',
    'parameter_unknown',
    'automatic_payment_methods[x]',
    'Received unknown parameter: automatic_payment_methods[x]',
  ],
  [
    'amount=1000&currency=usd&automatic_payment_methods[allow_redirects]=always',
    'parameter_missing',
    'automatic_payment_methods[enabled]',
    'Missing required param: automatic_payment_methods[enabled].',
  ],
  ['amount=1000&currency=usd&confirm=maybe', undefined, 'confirm', 'Invalid boolean: maybe'],
  [
    'amount=1000&currency=usd&capture_method=later',
    undefined,
    'capture_method',
    'must be one of automatic, automatic_async, manual',
  ],
  [
    'amount=1000&currency=usd&customer=',
    'parameter_invalid_empty',
    'customer',
    "You passed an empty string for 'customer'",
  ],
  ['amount=1000&currency=usd&metadata=x', undefined, 'metadata', 'Invalid object: x'],
  [
    'amount=1000&currency=usd&return_url=https://a.example',
    undefined,
    'return_url',
    'may only be provided when `confirm` is true',
  ],
])('refuses %s', async (body, code, param, message) => {
  await using started = await startSandbox();
  const answer = await started.call('POST', '/v1/payment_intents', {
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({
    error: {
      type: 'invalid_request_error',
      message: expect.stringContaining(message),
      param,
      ...(code === undefined
        ? {}
        : { code, doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` }),
      request_log_url: expect.stringContaining(String(answer.headers.get('request-id'))),
    },
  });
});

test('takes forms, not JSON', async () => {
  await using started = await startSandbox();
  const answer = await started.call('POST', '/v1/customers', {
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('application/x-www-form-urlencoded');
});

test('metadata may have any keys, up to 50', async () => {
  await using started = await startSandbox();
  const { customers } = started.stripe;
  const odd = { '0': 'zero', '7': 'seven', toString: 'text', 'a b&c=d': 'é' };
  expect((await customers.create({ metadata: odd })).metadata).toEqual(odd);
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v']));
  expect(await failureOf(customers.create({ metadata: many }))).toMatchObject({
    param: 'metadata',
    message: 'Metadata can have up to 50 keys.',
  });
});

test('refuses a body of more than 1 MiB', async () => {
  await using started = await startSandbox();
  const answer = await started.call('POST', '/v1/customers', { body: 'x'.repeat((1 << 20) + 1) });
  expect(answer.status).toBe(413);
});
