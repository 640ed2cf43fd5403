import { expect, test } from 'vitest';
import { startSandbox } from '../../testing/start-sandbox.ts';
import { failureOf } from '../../testing/stripe-failure.ts';

const usd = { amount: 2050, currency: 'usd' } as const;

test('looks as in seed 000', async () => {
  await using started = await startSandbox();
  const customer = await started.stripe.customers.create();
  const intent = await started.stripe.paymentIntents.create({
    ...usd,
    customer: customer.id,
    automatic_payment_methods: { enabled: true, allow_redirects: 'always' },
    metadata: { invoice_id: 1, user: '1' },
  });

  expect(intent).toMatchObject({
    object: 'payment_intent',
    amount: 2050,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    automatic_payment_methods: { allow_redirects: 'always', enabled: true },
    capture_method: 'automatic_async',
    confirmation_method: 'automatic',
    currency: 'usd',
    customer: customer.id,
    latest_charge: null,
    livemode: false,
    metadata: { invoice_id: '1', user: '1' },
    payment_method_configuration_details: { parent: null },
    payment_method_options: {
      afterpay_clearpay: {},
      card: { request_three_d_secure: 'automatic' },
      klarna: {},
      link: {},
    },
    payment_method_types: ['card', 'afterpay_clearpay', 'klarna', 'link'],
    status: 'requires_payment_method',
  });
  expect(intent.id).toMatch(/^pi_[0-9A-Za-z]{24}$/);
  expect(intent.client_secret).toMatch(new RegExp(`^${intent.id}_secret_[0-9A-Za-z]{25}$`));
  expect(intent.payment_method_configuration_details?.id).toMatch(/^pmc_[0-9A-Za-z]{24}$/);
  expect(await started.stripe.paymentIntents.retrieve(intent.id)).toEqual(intent);
});

test.each([
  [{ amount: 49, currency: 'usd' }, 'amount_too_small', 'Amount must be at least $0.50 usd'],
  [
    { amount: 100_000_000, currency: 'usd' },
    'amount_too_large',
    'Amount must be no more than $999999.99 usd',
  ],
  [{ amount: 29, currency: 'gbp' }, 'amount_too_small', 'Amount must be at least £0.30 gbp'],
  [{ amount: 49, currency: 'JPY' }, 'amount_too_small', 'Amount must be at least ¥50 jpy'],
  [{ amount: 5001, currency: 'ugx' }, undefined, 'evenly divisible by 100'],
  [{ amount: 5001, currency: 'isk' }, undefined, 'evenly divisible by 100'],
  [{ amount: 5124, currency: 'kwd' }, undefined, 'last digit'],
  [{ amount: 5000, currency: 'xyz' }, undefined, 'Invalid currency: xyz'],
])('refuses %j', async (params, code, message) => {
  await using started = await startSandbox();
  const failure = await failureOf(started.stripe.paymentIntents.create(params));
  expect(failure.statusCode).toBe(400);
  expect(failure.code).toBe(code);
  expect(failure.message).toContain(message);
  expect((await started.stripe.paymentIntents.list()).data).toEqual([]);
});
