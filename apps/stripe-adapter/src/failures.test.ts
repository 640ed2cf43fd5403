import { createTestClock, openInput } from '@quittance/testing';
import { expect, test } from 'vitest';
import { keyNotAccepted, withAdapter } from './adapter-under-test.ts';
import { createApp } from './app.ts';

const calls = ['POST /v1/customers', 'POST /v1/payment_intents'];

test.each(
  calls.flatMap((call) => [
    ['a 500 before anything happened', call, 'server_error'] as const,
    ['a 500 after it was done', call, 'server_error_after'] as const,
    ['a 429', call, 'rate_limit'] as const,
    ['a connection cut before', call, 'drop_before'] as const,
    ['a connection cut after', call, 'drop_after'] as const,
  ]),
)('%s at %s ends in one PaymentIntent', (_title, call, fault) =>
  withAdapter(async ({ provider, options, stripe, fail }) => {
    await fail(call, fault);
    const { observation, customerRef } = await provider.open(openInput(options));
    const { data } = await stripe.paymentIntents.list();
    expect(data.map(({ id }) => id)).toEqual([observation.ref]);
    expect((await stripe.customers.list()).data.map(({ id }) => id)).toEqual([customerRef]);
  }),
);

test.each(calls)('an answer to %s that never comes is unknown in time; a retry ends it', (call) =>
  withAdapter(
    async ({ provider, options, stripe, fail }) => {
      const open = () => provider.open(openInput(options));
      await fail(call, 'hang_after');
      const start = performance.now();
      await expect(open()).rejects.toMatchObject({ code: 'outcome_unknown' });
      expect(performance.now() - start).toBeLessThan(600);
      const { observation } = await open();
      expect((await stripe.customers.list()).data).toHaveLength(1);
      const { data } = await stripe.paymentIntents.list();
      expect(data.map(({ id }) => id)).toEqual([observation.ref]);
    },
    { timeoutMs: 300 },
  ),
);

test('a question that is never answered is unavailable in time, and nothing happens', () =>
  withAdapter(
    async ({ provider, options, stripe, fail }) => {
      await fail('GET /v1/customers/search', 'hang_after');
      const open = provider.open(openInput(options));
      await expect(open).rejects.toMatchObject({ code: 'unavailable' });
      expect((await stripe.customers.list()).data).toEqual([]);
    },
    { timeoutMs: 200 },
  ));

test.each(calls)('a retry of %s that is refused says nothing of the first try', (call) =>
  withAdapter(async ({ provider, options, stripe, fail, answer, seen }) => {
    const open = () => provider.open(openInput(options));
    await fail(call, 'drop_after');
    answer(call, { ...keyNotAccepted, after: 1 });
    await expect(open()).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(seen(call).count).toBe(2);
    const { observation } = await open();
    const { data } = await stripe.paymentIntents.list();
    expect(data.map(({ id }) => id)).toEqual([observation.ref]);
  }),
);

const refusals = [400, 402, 404].flatMap((status) =>
  ['GET /v1/customers/search', 'POST /v1/customers'].map((call) => ({ status, call })),
);

const refusal = { error: { type: 'invalid_request_error', message: 'No.' } };

test.each(refusals)('$status from $call is no refusal of the invoice', ({ status, call }) =>
  withAdapter(async ({ provider, options, answer }) => {
    answer(call, { status, body: refusal });
    const open = openInput(options);
    await expect(provider.open(open)).rejects.toMatchObject({ code: 'unavailable' });
  }),
);

test.each([400, 402, 404])('find never refuses, not even with a %i', (status) =>
  withAdapter(async ({ provider, options, answer }) => {
    const open = openInput(options);
    const { observation } = await provider.open(open);
    const ref = observation.ref ?? '';
    for (const path of ['', `/${ref}`]) {
      answer(`GET /v1/payment_intents${path}`, { status, body: refusal });
    }
    const unavailable = { code: 'unavailable' };
    await expect(
      provider.find({ by: 'ref', ref, object: null, hints: [], isUrgent: false }),
    ).rejects.toMatchObject(unavailable);
    await expect(provider.find({ by: 'open', open })).rejects.toMatchObject(unavailable);
    answer('GET /v1/customers/search', { status, body: refusal });
    await expect(provider.find({ by: 'open', open })).rejects.toMatchObject(unavailable);
  }),
);

test.each([
  [
    'a host that is not there',
    { url: 'http://127.0.0.1:1', key: 'sk_test_x', message: 'Stripe does not serve us now' },
  ],
  [
    'a key that is not ours',
    {
      url: undefined,
      key: 'not-a-key',
      message: 'Stripe does not accept the key of this hub (401)',
    },
  ],
])('%s is unavailable: nothing happened, and why', (_title, { url, key, message }) =>
  withAdapter(async ({ options, stripe }) => {
    const { provider } = createApp({
      config: {
        STRIPE_API_URL: url ?? `http://127.0.0.1:${stripe.getApiField('port')}`,
        STRIPE_SECRET_KEY: key,
        STRIPE_WEBHOOK_SECRET: [],
        STRIPE_TIMEOUT_MS: 5_000,
        STRIPE_CONCURRENCY: 20,
      },
      clock: Date.now,
    });
    const open = provider.open(openInput(options));
    await expect(open).rejects.toMatchObject({ code: 'unavailable', message });
    expect((await stripe.paymentIntents.list()).data).toEqual([]);
  }),
);

test.each(
  ['GET /v1/customers/search', ...calls].flatMap((call) => [
    { call, status: 401, message: 'Stripe does not accept the key of this hub (401)' },
    { call, status: 403, message: "The hub's key may not do this at Stripe (403)" },
    { call, status: 429, message: 'Stripe has asked us to wait (429)' },
  ]),
)('$status from $call is told as it is, without a word of Stripe', ({ call, status, message }) =>
  withAdapter(async ({ provider, options, stripe, answer }) => {
    const error = { type: 'invalid_request_error', message: 'Not with sk_test_****pter' };
    answer(call, { status, headers: { 'retry-after': '60' }, body: { error }, times: 1 });
    const open = () => provider.open(openInput(options));
    await expect(open()).rejects.toMatchObject({ code: 'unavailable', message });
    expect((await stripe.paymentIntents.list()).data).toEqual([]);
    if (status !== 429) await open();
  }),
);

test.each([50, 2050])(
  'a refund of %i that was done is found when Stripe has forgotten its key',
  async (amount) => {
    const clock = createTestClock();
    await withAdapter(
      async ({ provider, options, stripe, pay, fail }) => {
        const { observation } = await provider.open(openInput(options));
        const ref = observation.ref ?? '';
        await pay(ref);
        await fail('POST /v1/refunds', 'drop_after', 'drop_after', 'drop_after');
        const money = { amount, currency: 'USD' };
        const refund = (mayBeDone: boolean) =>
          provider.refund({ ref, payment: null, key: 'refund-1', money, mayBeDone });
        await expect(refund(false)).rejects.toMatchObject({ code: 'outcome_unknown' });
        clock.advance(25 * 3_600_000);
        expect((await refund(true)).facts).toMatchObject([{ kind: 'refund', money }]);
        expect((await stripe.refunds.list()).data.map((one) => one.amount)).toEqual([amount]);
      },
      { clock: clock.now },
    );
  },
);

test.each(['server_error', 'server_error_after', 'drop_after'] as const)(
  'a cancel and a refund that end in %s are done once, when asked again',
  (fault) =>
    withAdapter(async ({ provider, options, stripe, pay, fail }) => {
      const [canceled, paid] = await Promise.all(
        [1, 2].map(async (id) => (await provider.open(openInput(options, { id }))).observation.ref),
      );
      await pay(paid ?? '');
      const insist = async <T>(call: () => Promise<T>): Promise<T> => call().catch(() => call());

      await fail(`POST /v1/payment_intents/${canceled}/cancel`, fault);
      await insist(() =>
        provider.act({
          ref: canceled ?? '',
          object: null,
          key: 'cancel-1',
          act: { kind: 'cancel' },
        }),
      );
      expect(await stripe.paymentIntents.retrieve(canceled ?? '')).toMatchObject({
        status: 'canceled',
      });

      await fail('POST /v1/refunds', fault);
      const money = { amount: 50, currency: 'USD' };
      await insist(() =>
        provider.refund({
          ref: paid ?? '',
          payment: null,
          key: 'refund-1',
          money,
          mayBeDone: true,
        }),
      );
      const { data } = await stripe.refunds.list();
      expect(data.map(({ amount }) => amount)).toEqual([50]);
    }),
);
