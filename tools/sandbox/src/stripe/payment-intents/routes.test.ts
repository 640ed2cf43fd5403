import { expect, test } from 'vitest';
import { startSandbox } from '../../testing/start-sandbox.ts';
import { failureOf } from '../../testing/stripe-failure.ts';

const usd = { amount: 2050, currency: 'usd' } as const;

test('a publishable key retrieves and confirms with the client secret, and nothing else', async () => {
  await using started = await startSandbox();
  const { paymentIntents } = started.stripe;
  const intent = await paymentIntents.create({ ...usd, metadata: { secret: 'plan' } });
  const payer = started.stripeWithKey('pk_test_sandbox').paymentIntents;
  const clientSecret = String(intent.client_secret);

  expect(await failureOf(payer.create(usd))).toMatchObject({ code: 'secret_key_required' });
  expect(await failureOf(payer.retrieve(intent.id))).toMatchObject({ param: 'client_secret' });
  expect(await failureOf(payer.retrieve(intent.id, { client_secret: 'wrong' }))).toMatchObject({
    param: 'client_secret',
  });
  const seen = await payer.retrieve(intent.id, { client_secret: clientSecret });
  expect(seen).toMatchObject({ id: intent.id, status: 'requires_payment_method' });
  expect(seen).not.toHaveProperty('metadata');

  const answer = await started.call('POST', `/v1/payment_intents/${intent.id}/confirm`, {
    headers: { authorization: 'Bearer pk_test_sandbox' },
    body: new URLSearchParams({ client_secret: clientSecret, payment_method: 'pm_card_visa' }),
  });
  expect(await answer.json()).toMatchObject({ status: 'succeeded' });
});

test('lists by customer and by time, newest first', async () => {
  await using started = await startSandbox();
  const { customers, paymentIntents } = started.stripe;
  const customer = await customers.create();
  const first = await paymentIntents.create({ ...usd, customer: customer.id });
  await paymentIntents.create(usd);
  const third = await paymentIntents.create({ ...usd, customer: customer.id });

  const ofCustomer = await paymentIntents.list({ customer: customer.id });
  expect(ofCustomer.data.map(({ id }) => id)).toEqual([third.id, first.id]);
  const future = await paymentIntents.list({ created: { gt: third.created } });
  expect(future.data).toEqual([]);
  expect((await paymentIntents.list({ created: { lte: third.created } })).data).toHaveLength(3);
});

test('an unknown PaymentIntent is 404', async () => {
  await using started = await startSandbox();
  expect(await failureOf(started.stripe.paymentIntents.retrieve('pi_none'))).toMatchObject({
    type: 'StripeInvalidRequestError',
    code: 'resource_missing',
    param: 'intent',
    statusCode: 404,
    message: "No such payment_intent: 'pi_none'",
  });
});
