import type { Stripe } from 'stripe';
import { expect, test } from 'vitest';
import { failureOf } from '../../testing/stripe-failure.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';

const usd = { amount: 1000, currency: 'usd' } as const;

const typesOf = async (stripe: Stripe): Promise<string[]> =>
  (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type).toReversed();

test('tells of every change, in order', async () => {
  await using started = await startSandbox();
  const { customers, paymentIntents, paymentMethods, refunds } = started.stripe;
  const customer = await customers.create({ name: 'Ada' });
  await customers.update(customer.id, { name: 'Eve' });
  await customers.update(customer.id, { name: 'Eve' });
  const method = await paymentMethods.attach('pm_card_visa', { customer: customer.id });
  await paymentMethods.detach(method.id);
  await customers.del(customer.id);
  const declined = await paymentIntents.create(usd);
  await failureOf(
    paymentIntents.confirm(declined.id, { payment_method: 'pm_card_chargeDeclined' }),
  );
  await paymentIntents.cancel(declined.id);
  const manual = await paymentIntents.create({
    ...usd,
    capture_method: 'manual',
    confirm: true,
    payment_method: 'pm_card_visa',
  });
  await paymentIntents.capture(manual.id);
  await refunds.create({ payment_intent: manual.id });
  await paymentIntents.create({
    ...usd,
    confirm: true,
    payment_method: 'pm_card_threeDSecure2Required',
  });

  expect(await typesOf(started.stripe)).toEqual([
    'customer.created',
    'customer.updated',
    'payment_method.attached',
    'payment_method.detached',
    'customer.deleted',
    'payment_intent.created',
    'charge.failed',
    'payment_intent.payment_failed',
    'payment_intent.canceled',
    'payment_intent.created',
    'charge.succeeded',
    'payment_intent.amount_capturable_updated',
    'charge.captured',
    'payment_intent.succeeded',
    'refund.created',
    'charge.refunded',
    'payment_intent.created',
    'payment_intent.requires_action',
  ]);
});

test('carries the request, what changed, and the object as it was then', async () => {
  await using started = await startSandbox();
  const { customers, events } = started.stripe;
  const customer = await customers.create({ name: 'Ada', metadata: { plan: 'a', city: 'x' } });
  const updated = await customers.update(
    customer.id,
    { name: 'Eve', metadata: { plan: 'b', color: 'red' } },
    { idempotencyKey: 'k-update' },
  );
  const [event] = (await events.list({ types: ['customer.updated'] })).data;
  expect(event).toMatchObject({
    object: 'event',
    api_version: '2026-10-28.endive',
    livemode: false,
    pending_webhooks: 0,
    request: { id: updated.lastResponse.requestId, idempotency_key: 'k-update' },
    data: { object: { id: customer.id, name: 'Eve' } },
  });
  expect(event?.data.previous_attributes).toEqual({
    name: 'Ada',
    metadata: { plan: 'a', color: null },
  });
  expect(await events.retrieve(String(event?.id))).toEqual(event);

  const [created] = (await events.list({ type: 'customer.created' })).data;
  expect(created?.data.object).toMatchObject({ name: 'Ada' });
});

test('filters by type and by time', async () => {
  await using started = await startSandbox();
  const { customers, events } = started.stripe;
  const customer = await customers.create();
  await customers.del(customer.id);
  expect((await events.list({ type: 'customer.*' })).data).toHaveLength(2);
  expect((await events.list({ type: 'customer.deleted' })).data).toHaveLength(1);
  expect((await events.list({ created: { gt: customer.created + 60 } })).data).toEqual([]);
  expect((await events.list({ delivery_success: false })).data).toEqual([]);
});
