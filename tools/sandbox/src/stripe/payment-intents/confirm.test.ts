import { expect, test } from 'vitest';
import { idOf } from '../../testing/id-of.ts';
import { startSandbox } from '../../testing/start-sandbox.ts';
import { failureOf } from '../../testing/stripe-failure.ts';

const usd = { amount: 2050, currency: 'usd' } as const;

test('is paid by confirming, on creation or afterwards', async () => {
  await using started = await startSandbox();
  const { paymentIntents, charges } = started.stripe;
  const atOnce = await paymentIntents.create({
    ...usd,
    confirm: true,
    payment_method: 'pm_card_visa',
  });
  const waiting = await paymentIntents.create({ ...usd, payment_method: 'pm_card_mastercard' });
  expect(waiting.status).toBe('requires_confirmation');
  const later = await paymentIntents.confirm(waiting.id);

  for (const intent of [atOnce, later]) {
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 2050 });
    const charge = await charges.retrieve(idOf(intent.latest_charge));
    expect(charge).toMatchObject({
      amount: 2050,
      amount_captured: 2050,
      captured: true,
      paid: true,
      payment_intent: intent.id,
      payment_method: intent.payment_method,
      status: 'succeeded',
    });
    expect((await charges.list({ payment_intent: intent.id })).data).toEqual([charge]);
  }
  expect(await failureOf(paymentIntents.confirm(atOnce.id))).toMatchObject({
    code: 'payment_intent_unexpected_state',
    payment_intent: { id: atOnce.id },
    statusCode: 400,
  });
});

test.each([
  ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
  ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
  ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
  ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
  ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined],
  ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', undefined],
  ['pm_card_chargeDeclinedProcessingError', 'processing_error', undefined],
  ['pm_card_radarBlock', 'card_declined', 'fraudulent'],
])('%s is declined with %s and may be paid with another card', async (card, code, declineCode) => {
  await using started = await startSandbox();
  const { paymentIntents, charges } = started.stripe;
  const intent = await paymentIntents.create(usd);

  const failure = await failureOf(paymentIntents.confirm(intent.id, { payment_method: card }));
  expect(failure).toMatchObject({
    type: 'StripeCardError',
    statusCode: 402,
    code,
    payment_intent: {
      id: intent.id,
      status: 'requires_payment_method',
      last_payment_error: { code, type: 'card_error' },
    },
  });
  expect(failure.decline_code).toBe(declineCode ?? '');

  const declined = await paymentIntents.retrieve(intent.id);
  expect(declined).toMatchObject({ status: 'requires_payment_method', payment_method: null });
  expect(declined.last_payment_error?.decline_code).toBe(declineCode);
  expect(await charges.retrieve(idOf(declined.latest_charge))).toMatchObject({
    failure_code: code,
    paid: false,
    status: 'failed',
  });

  const paid = await paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
  expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null });
});

test('a declined creation with confirm leaves its PaymentIntent behind', async () => {
  await using started = await startSandbox();
  const failure = await failureOf(
    started.stripe.paymentIntents.create({
      ...usd,
      confirm: true,
      payment_method: 'pm_card_chargeDeclined',
    }),
  );
  const [left] = (await started.stripe.paymentIntents.list()).data;
  expect(left?.id).toBe(failure.payment_intent?.id);
  expect(left?.status).toBe('requires_payment_method');
});

test('needs a method that exists, is offered and is the customer’s own', async () => {
  await using started = await startSandbox();
  const { customers, paymentIntents, paymentMethods } = started.stripe;
  const [owner, other] = [await customers.create(), await customers.create()];
  const method = await paymentMethods.attach('pm_card_visa', { customer: owner.id });
  const intent = await paymentIntents.create({ ...usd, customer: other.id });

  const messages = await Promise.all(
    [
      paymentIntents.confirm(intent.id),
      paymentIntents.confirm(intent.id, { payment_method: 'pm_none' }),
      paymentIntents.confirm(intent.id, { payment_method: method.id }),
      paymentIntents.confirm(intent.id, { payment_method: 'pm_usBankAccount_success' }),
      paymentIntents.create({ ...usd, customer: 'cus_none' }),
    ].map(async (call) => (await failureOf(call)).message),
  );
  expect(messages).toEqual([
    expect.stringContaining("it's missing a payment method"),
    "No such PaymentMethod: 'pm_none'",
    expect.stringContaining('belongs to a different Customer'),
    expect.stringContaining('is not allowed for this PaymentIntent'),
    "No such customer: 'cus_none'",
  ]);
});

test('wants a return_url only of methods that redirect', async () => {
  await using started = await startSandbox();
  const { paymentIntents } = started.stripe;
  const intent = await paymentIntents.create(usd);
  const klarna = { payment_method_data: { type: 'klarna' as const } };
  expect(await failureOf(paymentIntents.confirm(intent.id, klarna))).toMatchObject({
    param: 'return_url',
  });
  const waiting = await paymentIntents.confirm(intent.id, {
    ...klarna,
    return_url: 'https://shop.example/done',
  });
  expect(waiting.status).toBe('requires_action');

  const noRedirects = await paymentIntents.create({
    ...usd,
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  });
  expect(noRedirects.payment_method_types).toEqual(['card', 'link']);
});

test.each(['us_bank_account', 'sepa_debit'] as const)(
  'a debit by %s is processing until the page settles it',
  async (type) => {
    await using started = await startSandbox();
    const { paymentIntents, paymentMethods, charges } = started.stripe;
    const iban = await paymentMethods.create({
      type: 'sepa_debit',
      sepa_debit: { iban: 'AT321904300235473204' },
    });
    expect(iban.sepa_debit).toMatchObject({ bank_code: '19043', country: 'AT', last4: '3204' });
    const intent = await paymentIntents.create({
      ...usd,
      allowed_payment_method_types: [type],
      confirm: true,
      payment_method: type === 'sepa_debit' ? iban.id : 'pm_usBankAccount_success',
    });
    expect(intent).toMatchObject({ status: 'processing', amount_received: 0 });
    await started.call('POST', `/_sandbox/stripe/payment_intents/${intent.id}/pay`);
    const paid = await paymentIntents.retrieve(intent.id);
    expect(paid).toMatchObject({ status: 'succeeded', latest_charge: intent.latest_charge });
    expect((await charges.retrieve(idOf(paid.latest_charge))).status).toBe('succeeded');
  },
);

test('setup_future_usage keeps the method for the customer', async () => {
  await using started = await startSandbox();
  const { customers, paymentIntents } = started.stripe;
  const customer = await customers.create();
  const intent = await paymentIntents.create({
    ...usd,
    customer: customer.id,
    confirm: true,
    payment_method: 'pm_card_visa',
    setup_future_usage: 'off_session',
  });
  const [kept] = (await customers.listPaymentMethods(customer.id)).data;
  expect(kept?.id).toBe(intent.payment_method);
});
