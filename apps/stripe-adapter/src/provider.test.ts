import { openInput } from '@quittance/testing';
import { Stripe } from 'stripe';
import { expect, test } from 'vitest';
import { type AdapterUnderTest, openAdapter } from './adapter-under-test.ts';
import { createStripeProvider } from './provider.ts';

const withAdapter = async (run: (adapter: AdapterUnderTest) => Promise<void>): Promise<void> => {
  const adapter = await openAdapter();
  try {
    await run(adapter);
  } finally {
    await adapter.close();
  }
};

test('the PaymentIntent is what the seed asks for, with our real ids', () =>
  withAdapter(async ({ provider, options, stripe }) => {
    const input = openInput(options, { id: 42, userId: 7 });
    const { observation, customerRef } = await provider.open(input);
    const intent = await stripe.paymentIntents.retrieve(observation.ref ?? '');
    expect(intent).toMatchObject({
      amount: 2050,
      currency: 'usd',
      customer: customerRef,
      automatic_payment_methods: { enabled: true, allow_redirects: 'always' },
      metadata: { invoice_id: '42', user: '7' },
      description: 'A flight',
    });
    expect(JSON.parse(observation.providerData ?? '')).toEqual(intent);
    expect(await stripe.customers.retrieve(customerRef ?? '')).toMatchObject({
      name: 'Ada Lovelace',
      email: 'ada@example.com',
      metadata: { user: '7', quittance_user: 'test-user-7' },
    });
  }));

test('20 first invoices of a user at once make one customer', () =>
  withAdapter(async ({ provider, options, stripe }) => {
    await Promise.all(
      Array.from({ length: 20 }, (_, id) => provider.open(openInput(options, { id: id + 1 }))),
    );
    expect((await stripe.customers.list()).data).toHaveLength(1);
    expect((await stripe.paymentIntents.list({ limit: 100 })).data).toHaveLength(20);
  }));

test('a customer that was deleted at Stripe is made anew', () =>
  withAdapter(async ({ provider, options, stripe }) => {
    const input = openInput(options);
    const gone = await stripe.customers.create();
    await stripe.customers.del(gone.id);
    const { customerRef } = await provider.open({
      ...input,
      customer: { ...input.customer, ref: gone.id },
    });
    expect(customerRef).not.toBe(gone.id);
    expect((await stripe.paymentIntents.list()).data).toMatchObject([{ customer: customerRef }]);
  }));

test.each([
  ['a 500 before anything happened', 'server_error', 1],
  ['a 500 after it was done', 'server_error_after', 1],
  ['a connection cut before', 'drop_before', 1],
  ['a connection cut after', 'drop_after', 1],
  ['an answer that never comes, once', 'hang_after', 1],
])('%s ends in one PaymentIntent', (_title, fault, times) =>
  withAdapter(async ({ provider, options, stripe, fail }) => {
    await fail(fault, 'POST /v1/payment_intents', times);
    const { observation } = await provider.open(openInput(options));
    const { data } = await stripe.paymentIntents.list();
    expect(data.map(({ id }) => id)).toEqual([observation.ref]);
  }),
);

test('an unknown customer outcome opens nothing twice either', () =>
  withAdapter(async ({ provider, options, stripe, fail }) => {
    await fail('hang_after', 'POST /v1/customers', 2);
    const open = () => provider.open(openInput(options));
    await expect(open()).rejects.toMatchObject({ code: 'outcome_unknown' });
    await open();
    expect((await stripe.customers.list()).data).toHaveLength(1);
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
  }));

const connectTo = (port: number, key = 'sk_test_x') =>
  createStripeProvider({
    stripe: new Stripe(key, {
      host: '127.0.0.1',
      port,
      protocol: 'http',
      maxNetworkRetries: 0,
      telemetry: false,
    }),
    webhookSecrets: [],
    clock: Date.now,
  });

test('a host that is not there and a key that is not ours are unavailable: nothing happened', () =>
  withAdapter(async ({ options, stripe }) => {
    const input = openInput(options);
    const port = Number(stripe.getApiField('port'));
    for (const provider of [connectTo(1), connectTo(port, 'not-a-key')]) {
      await expect(provider.open(input)).rejects.toMatchObject({ code: 'unavailable' });
    }
    expect((await stripe.paymentIntents.list()).data).toEqual([]);
  }));
