import { expect, test } from 'vitest';
import { createManualTime } from '../../testing/manual-time.ts';
import { failureOf } from '../../testing/stripe-failure.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';

const usd = { amount: 1000, currency: 'usd' } as const;

const form = (fields: Record<string, string>, headers: Record<string, string> = {}) => ({
  body: new URLSearchParams(fields),
  headers: { 'idempotency-key': 'k', ...headers },
});

test('replays the first answer, whatever happened since', async () => {
  await using started = await startSandbox();
  const { paymentIntents } = started.stripe;
  const first = await paymentIntents.create(usd, { idempotencyKey: 'k' });
  await paymentIntents.cancel(first.id);
  const again = await paymentIntents.create(usd, { idempotencyKey: 'k' });

  expect(again).toEqual(first);
  expect(again.lastResponse.headers).toMatchObject({
    'idempotency-key': 'k',
    'idempotent-replayed': 'true',
    'original-request': first.lastResponse.requestId,
  });
  expect(again.lastResponse.requestId).not.toBe(first.lastResponse.requestId);
  expect(first.lastResponse.headers).not.toHaveProperty('idempotent-replayed');
  expect((await paymentIntents.list()).data).toHaveLength(1);
});

test('replays declines too', async () => {
  await using started = await startSandbox();
  const decline = { ...usd, confirm: true, payment_method: 'pm_card_chargeDeclined' };
  const failures = await Promise.all([
    failureOf(started.stripe.paymentIntents.create(decline, { idempotencyKey: 'k' })),
    failureOf(started.stripe.paymentIntents.create(decline, { idempotencyKey: 'k' })),
  ]);
  expect(failures[1]?.payment_intent?.id).toBe(failures[0]?.payment_intent?.id);
});

test('parameters in another order are the same parameters', async () => {
  await using started = await startSandbox();
  const create = async (body: string): Promise<unknown> => {
    const answer = await started.call('POST', '/v1/payment_intents', {
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'idempotency-key': 'k',
      },
    });
    return answer.json();
  };
  const first = await create('amount=1000&currency=usd');
  expect(await create('currency=usd&amount=1000')).toEqual(first);
});

test('other parameters or another path are refused', async () => {
  await using started = await startSandbox();
  const { customers, paymentIntents } = started.stripe;
  await paymentIntents.create(usd, { idempotencyKey: 'k' });
  const failures = [
    await failureOf(paymentIntents.create({ ...usd, amount: 1001 }, { idempotencyKey: 'k' })),
    await failureOf(customers.create({}, { idempotencyKey: 'k' })),
  ];
  for (const failure of failures) {
    expect(failure).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 });
    expect(failure.message).toContain(
      'Keys for idempotent requests can only be used with the same parameters they were first used with.',
    );
  }
});

test('a key in use is refused, and usable again afterwards', async () => {
  const time = createManualTime();
  await using started = await startSandbox({ ...time, env: { SANDBOX_LATENCY_MS: '100' } });
  const { paymentIntents } = started.stripe;
  const slow = paymentIntents.create(usd, { idempotencyKey: 'k' });
  await time.waitingFor(100);
  expect(await failureOf(paymentIntents.create(usd, { idempotencyKey: 'k' }))).toMatchObject({
    statusCode: 409,
    code: 'idempotency_key_in_use',
  });

  time.advance(100);
  const first = await slow;
  expect(await paymentIntents.create(usd, { idempotencyKey: 'k' })).toEqual(first);
});

test('nothing is stored when the parameters are not valid', async () => {
  await using started = await startSandbox();
  const wrong = await started.call(
    'POST',
    '/v1/payment_intents',
    form({ amount: '10', currency: 'usd' }),
  );
  expect(wrong.status).toBe(400);
  const right = await started.call(
    'POST',
    '/v1/payment_intents',
    form({ amount: '1000', currency: 'usd' }),
  );
  expect(right.status).toBe(200);
});

test('keys belong to an API key and live 24 hours', async () => {
  const time = createManualTime();
  await using started = await startSandbox(time);
  const { paymentIntents } = started.stripe;
  const first = await paymentIntents.create(usd, { idempotencyKey: 'k' });
  const elsewhere = await started
    .stripeWithKey('sk_test_other')
    .paymentIntents.create(usd, { idempotencyKey: 'k' });
  expect(elsewhere.id).not.toBe(first.id);

  const day = 24 * 60 * 60 * 1_000;
  time.advance(day - 1_000);
  expect((await paymentIntents.create(usd, { idempotencyKey: 'k' })).id).toBe(first.id);
  time.advance(1_000);
  expect((await paymentIntents.create(usd, { idempotencyKey: 'k' })).id).not.toBe(first.id);
});

test('only a POST takes the key', async () => {
  await using started = await startSandbox();
  const { customers } = started.stripe;
  const customer = await customers.create();
  const headers = { 'idempotency-key': 'k' };
  await started.call('GET', `/v1/customers/${customer.id}`, { headers });
  const deleted = await started.call('DELETE', `/v1/customers/${customer.id}`, { headers });
  expect(deleted.status).toBe(200);
  expect(deleted.headers.has('original-request')).toBe(false);
});
