import { inspect } from 'node:util';
import { DomainError } from '@quittance/rpc';
import { silentLogger } from '@quittance/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type GatewayUnderTest, openGateway } from '../gateway-under-test.ts';

const token = 'Zm9vYmFyLXRva2VuLW9mLWEtcHJvamVjdA';
const body = '{"invoice": {"id": "a4c9e2ee"} }';
const headers = { 'content-type': 'application/json', authorization: '' };

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const hook = (path: string) => gateway.send(`POST /webhooks/${path}`, { headers, body });

test.each([
  ['stripe', 'stripe', null],
  [`bitsby/${token}`, 'bitsby', token],
  ['bitsby', 'bitsby', null],
  ['bitsby/a%2Fb', 'bitsby', 'a/b'],
])(
  'a webhook to %s goes to the core as it came, and its reply back',
  async (path, provider, end) => {
    const answer = await hook(path);
    expect([answer.status, answer.headers.get('x-a'), answer.body]).toEqual([200, 'b', 'ok']);
    expect(gateway.calls).toEqual([
      [
        'webhooks.receive',
        {
          provider,
          token: end,
          webhook: {
            body,
            headers: expect.objectContaining({ 'content-type': 'application/json' }),
          },
        },
      ],
    ]);
  },
);

test('a token that is known to nobody is not found, and not repeated', async () => {
  gateway.failWith(new DomainError('not_found', 'There is no such webhook'));
  const answer = await hook(`bitsby/${token}`);
  expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(JSON.stringify(answer.body)).not.toContain(token);
});

test.each(['paypal', `paypal/${token}`, `bitsby/${token}/more`])(
  '%s is nothing of ours',
  async (path) => {
    expect(await hook(path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(gateway.calls).toEqual([]);
  },
);

test('no log has the token', async () => {
  const log = vi.spyOn(silentLogger, 'error');
  gateway.failWith(new Error('Nobody foresaw it'));
  expect((await hook(`bitsby/${token}`)).status).toBe(500);
  expect((await hook('stripe')).status).toBe(500);
  const [ofBitsby, ofStripe] = log.mock.calls.map((entry) => inspect(entry, { depth: null }));
  expect(ofBitsby).toContain("path: '/webhooks/bitsby/[redacted]'");
  expect(ofBitsby).not.toContain(token);
  expect(ofStripe).toContain("path: '/webhooks/stripe'");
});
