import { expect, test } from 'vitest';
import { failureOf } from '../../testing/stripe-failure.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';

test('shows its secret once', async () => {
  await using started = await startSandbox();
  const { webhookEndpoints } = started.stripe;
  const endpoint = await webhookEndpoints.create({
    url: 'https://shop.example/hook',
    enabled_events: ['payment_intent.succeeded'],
    api_version: '2026-10-28.endive',
    description: 'shop',
  });
  expect(endpoint).toMatchObject({
    object: 'webhook_endpoint',
    api_version: '2026-10-28.endive',
    enabled_events: ['payment_intent.succeeded'],
    status: 'enabled',
    url: 'https://shop.example/hook',
  });
  expect(endpoint.secret).toMatch(/^whsec_\w{32}$/);
  expect(await webhookEndpoints.retrieve(endpoint.id)).not.toHaveProperty('secret');
  const [listed] = (await webhookEndpoints.list()).data;
  expect(listed).not.toHaveProperty('secret');

  const updated = await webhookEndpoints.update(endpoint.id, {
    disabled: true,
    enabled_events: ['*'],
  });
  expect(updated).toMatchObject({ status: 'disabled', enabled_events: ['*'] });

  expect(await webhookEndpoints.del(endpoint.id)).toMatchObject({ deleted: true });
  expect(await failureOf(webhookEndpoints.retrieve(endpoint.id))).toMatchObject({
    code: 'resource_missing',
  });
});

test.each([
  [{ url: 'not a url', enabled_events: ['*' as const] }, 'url'],
  [{ url: 'https://shop.example', enabled_events: [] }, 'enabled_events'],
])('refuses %j', async (params, param) => {
  await using started = await startSandbox();
  expect(await failureOf(started.stripe.webhookEndpoints.create(params))).toMatchObject({
    statusCode: 400,
    param,
  });
});

test('the hub’s endpoint is registered once, with the secret it was given last', async () => {
  await using started = await startSandbox();
  const url = 'http://127.0.0.1:3000/webhooks/stripe';
  const first = started.sandbox.ensureStripeWebhookEndpoint({ url, secret: 'whsec_first' });
  const again = started.sandbox.ensureStripeWebhookEndpoint({ url, secret: 'whsec_second' });
  expect(again).toEqual(first);
  expect(again).toMatchObject({ url, enabled_events: ['*'], status: 'enabled' });
  expect((await started.stripe.webhookEndpoints.list()).data).toHaveLength(1);
});
