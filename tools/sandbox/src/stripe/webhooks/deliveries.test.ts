import { expect, test } from 'vitest';
import { eventually } from '../../testing/eventually.ts';
import { createManualTime } from '../../testing/manual-time.ts';
import { startReceiver, webhookSecret } from '../../testing/start-receiver.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';
import { failureOf } from '../../testing/stripe-failure.ts';
import { retryDelay } from './retry-schedule.ts';

const usd = { amount: 1000, currency: 'usd' } as const;
const hour = 60 * 60 * 1_000;

test('sends each matching event at once, signed as the SDK verifies', async () => {
  await using receiver = await startReceiver();
  await using started = await startSandbox();
  started.sandbox.ensureStripeWebhookEndpoint({ url: receiver.url, secret: webhookSecret });
  const intent = await started.stripe.paymentIntents.create({
    ...usd,
    confirm: true,
    payment_method: 'pm_card_visa',
  });
  await receiver.arrived(3);

  expect(receiver.types().toSorted()).toEqual([
    'charge.succeeded',
    'payment_intent.created',
    'payment_intent.succeeded',
  ]);
  const paid = receiver.received.find(({ event }) => event?.type === 'payment_intent.succeeded');
  expect(paid?.event).toMatchObject({
    api_version: '2026-10-28.endive',
    pending_webhooks: 1,
    request: { id: intent.lastResponse.requestId },
    data: { object: { id: intent.id, status: 'succeeded' } },
  });
  await eventually(async () => {
    const events = await started.stripe.events.list({ delivery_success: false });
    return events.data.length === 0;
  });
});

test('an endpoint gets only what it asked for, with its own secret', async () => {
  await using started = await startSandbox();
  await using chosen = await startReceiver('whsec_chosen');
  const endpoint = await started.stripe.webhookEndpoints.create({
    url: chosen.url,
    enabled_events: ['customer.deleted'],
    api_version: '2024-06-20',
  });
  const { id } = await started.stripe.customers.create();
  await started.stripe.customers.del(id);
  await chosen.arrived(1);
  expect(chosen.received[0]?.body).toContain('"api_version":"2024-06-20"');
  // Signed with the secret that the API made, not with the receiver's.
  expect(chosen.types()).toEqual(['not verified']);

  await using receiver = await startReceiver(String(endpoint.secret));
  await started.stripe.webhookEndpoints.update(endpoint.id, { url: receiver.url });
  const other = await started.stripe.customers.create();
  await started.stripe.customers.del(other.id);
  await receiver.arrived(1);
  expect(receiver.types()).toEqual(['customer.deleted']);
});

test('nothing is sent for what was undone', async () => {
  await using receiver = await startReceiver();
  await using started = await startSandbox();
  started.sandbox.ensureStripeWebhookEndpoint({ url: receiver.url, secret: webhookSecret });
  await failureOf(started.stripe.paymentIntents.create({ ...usd, expand: ['colour'] }));
  await started.stripe.customers.create();
  await receiver.arrived(1);
  expect(receiver.types()).toEqual(['customer.created']);
});

test('retries for up to three days while the endpoint does not answer 2xx, signed afresh each time', async () => {
  const time = createManualTime();
  await using receiver = await startReceiver();
  await using started = await startSandbox(time);
  started.sandbox.ensureStripeWebhookEndpoint({ url: receiver.url, secret: webhookSecret });
  receiver.answerWith((ordinal) => (ordinal % 2 === 0 ? 302 : 500));
  await started.stripe.customers.create();

  const delays: number[] = [];
  for (let attempts = 1; ; attempts += 1) {
    await receiver.arrived(attempts);
    const delayMs = retryDelay(attempts);
    if (delayMs === undefined) break;
    await time.waitingFor(delayMs);
    delays.push(delayMs);
    time.advance(delayMs);
  }
  expect(delays.slice(0, 7)).toEqual([
    1_000,
    5_000,
    30_000,
    300_000,
    1_800_000,
    2 * hour,
    5 * hour,
  ]);
  const total = delays.reduce((sum, delayMs) => sum + delayMs, 0);
  expect(total).toBeGreaterThan(60 * hour);
  expect(total).toBeLessThanOrEqual(72 * hour);

  const signatures = receiver.received.map(({ signature }) => signature);
  expect(new Set(signatures).size).toBe(delays.length + 1);
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
  await eventually(async () => {
    const [event] = (await started.stripe.events.list()).data;
    return event?.pending_webhooks === 0;
  });
});

test('stops once the endpoint answers 2xx', async () => {
  const time = createManualTime();
  await using receiver = await startReceiver();
  await using started = await startSandbox(time);
  started.sandbox.ensureStripeWebhookEndpoint({ url: receiver.url, secret: webhookSecret });
  receiver.answerWith((ordinal) => (ordinal === 1 ? 503 : 204));
  await started.stripe.customers.create();
  await time.waitingFor(1_000);
  expect((await started.stripe.events.list()).data[0]?.pending_webhooks).toBe(1);
  time.advance(1_000);
  await receiver.arrived(2);
  await eventually(
    async () => (await started.stripe.events.list()).data[0]?.pending_webhooks === 0,
  );
  time.advance(72 * hour);
  expect(receiver.received).toHaveLength(2);
});

test('an endpoint that does not answer in time is tried again, and delays no other', async () => {
  const time = createManualTime();
  await using slow = await startReceiver();
  await using quick = await startReceiver();
  await using started = await startSandbox(time);
  for (const { url } of [slow, quick]) {
    started.sandbox.ensureStripeWebhookEndpoint({ url, secret: webhookSecret });
  }
  slow.answerWith((ordinal) => (ordinal === 1 ? Number.NaN : 200));
  await started.stripe.customers.create();
  await slow.arrived(1);
  await quick.arrived(1);
  expect(quick.types()).toEqual(['customer.created']);

  time.advance(20_000);
  await time.waitingFor(1_000);
  time.advance(1_000);
  await slow.arrived(2);
  expect(slow.types()).toEqual(['customer.created', 'customer.created']);
});

test('a deleted endpoint gets nothing more', async () => {
  const time = createManualTime();
  await using receiver = await startReceiver();
  await using started = await startSandbox(time);
  const { id } = started.sandbox.ensureStripeWebhookEndpoint({
    url: receiver.url,
    secret: webhookSecret,
  });
  receiver.answerWith(() => 500);
  await started.stripe.customers.create();
  await time.waitingFor(1_000);
  await started.stripe.webhookEndpoints.del(id);
  time.advance(1_000);
  expect((await started.stripe.events.list()).data[0]?.pending_webhooks).toBe(0);
  expect(receiver.received).toHaveLength(1);
});
