import { DomainError } from '@quittance/rpc';
import { beforeEach, expect, test } from 'vitest';
import { type GatewayUnderTest, openGateway } from '../gateway-under-test.ts';

const update = '{"update_id": 1, "pre_checkout_query": {"id": "77"} }';
const headers = {
  authorization: '',
  'content-type': 'application/json',
  'x-telegram-bot-api-secret-token': 'Zm9vYmFy',
};

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

const hook = (path = '/webhooks/telegram') =>
  gateway.send(`POST ${path}`, { headers, body: update });

test('an update comes to the core with what vouches for it, byte for byte', async () => {
  await hook();
  expect(gateway.calls).toEqual([
    ['webhooks.receive', { provider: 'telegram', token: null, webhook: { body: update, headers } }],
  ]);
});

test("the BBP bot's webhook comes with the end of its path", async () => {
  await hook('/webhooks/telegram/dG9rZW4');
  expect(gateway.calls).toMatchObject([[{}, { provider: 'telegram', token: 'dG9rZW4' }]]);
});

test('the answer to a question is the reply, as the core says it', async () => {
  const answer = { method: 'answerPreCheckoutQuery', pre_checkout_query_id: '77', ok: true };
  gateway.repliesWith({
    status: 200,
    headers: { 'content-type': 'application/json', 'x-a': 'b' },
    body: JSON.stringify(answer),
  });
  const { status, headers: replied, body } = await hook();
  expect([status, replied.get('content-type'), replied.get('x-a'), body]).toEqual([
    200,
    'application/json',
    'b',
    answer,
  ]);
});

test.each([200, 204])('a reply of %i without a body is one', async (status) => {
  gateway.repliesWith({ status, headers: {}, body: '' });
  expect(await hook()).toMatchObject({ status, body: undefined });
});

test('a wrong secret is 401', async () => {
  gateway.failWith(new DomainError('unauthenticated', 'The webhook is not from Telegram'));
  expect(await hook()).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
});
