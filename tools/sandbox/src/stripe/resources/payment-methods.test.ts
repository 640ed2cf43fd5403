import { expect, test } from 'vitest';
import { failureOf } from '../../testing/stripe-failure.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';

const expiry = { exp_month: 12, exp_year: 2040 };

test('is made from a card number or a token', async () => {
  await using started = await startSandbox();
  const { paymentMethods } = started.stripe;
  const fromNumber = await paymentMethods.create({
    type: 'card',
    card: { number: '4242 4242 4242 4242', cvc: '123', ...expiry },
    billing_details: { name: 'Ada' },
  });
  expect(fromNumber).toMatchObject({
    object: 'payment_method',
    billing_details: { name: 'Ada', email: null },
    card: { brand: 'visa', last4: '4242', ...expiry },
    customer: null,
    type: 'card',
  });
  const fromToken = await paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
  expect(fromToken.card?.fingerprint).toBe(fromNumber.card?.fingerprint);
  expect(await paymentMethods.retrieve(fromToken.id)).toEqual(fromToken);
});

test('a declining number declines like its ready-made id', async () => {
  await using started = await startSandbox();
  const { paymentIntents, paymentMethods } = started.stripe;
  const method = await paymentMethods.create({
    type: 'card',
    card: { number: '4000000000000002', ...expiry },
  });
  const paying = paymentIntents.create({
    amount: 100,
    currency: 'eur',
    confirm: true,
    payment_method: method.id,
  });
  expect(await failureOf(paying)).toMatchObject({ decline_code: 'generic_decline' });
});

test.each([
  ['4242424242424241', 'incorrect_number', ''],
  ['4929000000006', 'card_declined', 'test_mode_live_card'],
])('refuses the number %s', async (number, code, declineCode) => {
  await using started = await startSandbox();
  const creating = started.stripe.paymentMethods.create({
    type: 'card',
    card: { number, ...expiry },
  });
  expect(await failureOf(creating)).toMatchObject({
    statusCode: 402,
    code,
    decline_code: declineCode,
  });
});

test('refuses a card that has expired', async () => {
  await using started = await startSandbox();
  const creating = started.stripe.paymentMethods.create({
    type: 'card',
    card: { number: '4242424242424242', exp_month: 1, exp_year: 2020 },
  });
  expect(await failureOf(creating)).toMatchObject({ code: 'invalid_expiry_year', statusCode: 402 });
});

test('a ready-made id stands for a new object each time', async () => {
  await using started = await startSandbox();
  const { paymentMethods } = started.stripe;
  const [one, two] = [
    await paymentMethods.retrieve('pm_card_visa'),
    await paymentMethods.retrieve('pm_card_visa'),
  ];
  expect(one.id).not.toBe(two.id);
  expect(one.id).toMatch(/^pm_[0-9A-Za-z]{24}$/);
});

test('is attached to one customer, listed and detached', async () => {
  await using started = await startSandbox();
  const { customers, paymentMethods } = started.stripe;
  const [owner, other] = [await customers.create(), await customers.create()];
  const method = await paymentMethods.attach('pm_card_mastercard', { customer: owner.id });
  expect(method.customer).toBe(owner.id);
  expect((await paymentMethods.list({ customer: owner.id, type: 'card' })).data).toEqual([method]);
  expect((await paymentMethods.list({ customer: other.id })).data).toEqual([]);
  expect(await failureOf(paymentMethods.attach(method.id, { customer: other.id }))).toMatchObject({
    statusCode: 400,
  });

  expect((await paymentMethods.detach(method.id)).customer).toBeNull();
  expect(await failureOf(paymentMethods.detach(method.id))).toMatchObject({ statusCode: 400 });
});

test('a declining card cannot be attached, except the one made for that', async () => {
  await using started = await startSandbox();
  const { customers, paymentIntents, paymentMethods } = started.stripe;
  const { id: customer } = await customers.create();
  const refused = paymentMethods.attach('pm_card_chargeDeclined', { customer });
  expect(await failureOf(refused)).toMatchObject({ statusCode: 402, code: 'card_declined' });

  const method = await paymentMethods.attach('pm_card_chargeCustomerFail', { customer });
  const paying = paymentIntents.create({
    amount: 100,
    currency: 'usd',
    customer,
    confirm: true,
    payment_method: method.id,
  });
  expect(await failureOf(paying)).toMatchObject({ code: 'card_declined' });
});
