import type { RawWebhook } from '@quittance/contracts';
import { createTestClock } from '@quittance/testing';
import { Stripe } from 'stripe';
import { expect, test } from 'vitest';
import { createReceiver } from './webhook.ts';

const [oldSecret, newSecret] = ['whsec_the_old_one', 'whsec_the_new_one'];
const clock = createTestClock();
const nowSeconds = clock.now() / 1000;

const intent = {
  id: 'pi_1',
  object: 'payment_intent',
  amount: 2050,
  amount_received: 2050,
  currency: 'usd',
  status: 'succeeded',
  created: nowSeconds,
  customer: 'cus_1',
  metadata: { invoice_id: '1', user: '1' },
};

const refund = {
  id: 're_1',
  object: 'refund',
  amount: 2050,
  currency: 'usd',
  created: nowSeconds - 60,
  status: 'failed',
  payment_intent: 'pi_1',
};

const charge = { id: 'ch_1', object: 'charge', currency: 'usd', payment_intent: 'pi_1' };

const eventBody = (object: object, type = 'payment_intent.succeeded'): string =>
  JSON.stringify({ id: 'evt_1', object: 'event', type, created: nowSeconds, data: { object } });

const signed = (payload: string, secret: string, timestamp = nowSeconds): RawWebhook => ({
  headers: {
    'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }),
  },
  body: payload,
});

const receive = createReceiver({
  webhookSecrets: [newSecret, oldSecret],
  clock: clock.now,
});

test.each([oldSecret, newSecret])('while rotating, either secret signs (%s)', async (secret) => {
  const { observations, reply } = await receive(signed(eventBody(intent), secret));
  expect(reply.status).toBe(200);
  expect(observations).toEqual([
    {
      evidenceId: 'evt_1',
      ref: 'pi_1',
      occurredAt: '2026-01-01T00:00:00.000Z',
      facts: [
        {
          kind: 'payment',
          ref: 'pi_1',
          money: { amount: 2050, currency: 'USD' },
          paidAt: null,
          payer: null,
        },
      ],
      providerData: JSON.stringify(intent),
      raw: eventBody(intent),
    },
  ]);
});

const body = eventBody(intent);
const tooOld = nowSeconds - 301;

test.each<[string, RawWebhook]>([
  ['signed with a secret that is not ours', signed(body, 'whsec_somebody_else')],
  ['older than 300 s', signed(body, newSecret, tooOld)],
  ['changed by one space', { ...signed(body, newSecret), body: `${body} ` }],
  ['with a header that makes no sense', { headers: { 'stripe-signature': 'nonsense' }, body }],
  ['without a header', { headers: {}, body }],
])('refuses one %s', async (_title, webhook) => {
  await expect(receive(webhook)).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('takes one that is 300 s old', async () => {
  const { observations } = await receive(signed(body, newSecret, nowSeconds - 300));
  expect(observations).toHaveLength(1);
});

test.each([
  ['an event of a type we do not handle', eventBody({ ...intent, object: 'invoice' }, 'x.y')],
  ['a PaymentIntent of somebody else in the same account', eventBody({ ...intent, metadata: {} })],
  ['one of theirs that we cannot even read', eventBody({ object: 'payment_intent', status: '?' })],
  [
    'one whose invoice is not one of ours',
    eventBody({ ...intent, metadata: { invoice_id: 'A-7' } }),
  ],
  ['a currency that we do not know', eventBody({ ...intent, currency: 'usdc' })],
  ['a refund of no payment', eventBody({ ...refund, payment_intent: null }, 'refund.created')],
  ['a refund in such a currency', eventBody({ ...refund, currency: 'usdc' }, 'refund.created')],
  ['a refunded charge without its refunds', eventBody(charge, 'charge.refunded')],
  ['something that is not a snapshot event', JSON.stringify({ object: 'v2.core.event' })],
])('acknowledges and ignores %s', async (_title, payload) => {
  const { observations, reply } = await receive(signed(payload, newSecret));
  expect(observations).toEqual([]);
  expect(reply.status).toBe(200);
});

test('a PaymentIntent that cannot be read is not acknowledged, and the field is named', async () => {
  const broken = eventBody({ ...intent, amount_received: '20.50' });
  await expect(receive(signed(broken, newSecret))).rejects.toMatchObject({
    code: 'invalid_request',
    param: 'amount_received',
  });
});

const inFull = { ...charge, refunds: { data: [refund, { ...refund, id: 're_2', status: 'new' }] } };
const refundFact = {
  kind: 'refund',
  ref: 're_1',
  money: { amount: 2050, currency: 'USD' },
  state: 'failed',
};

test.each([
  ['refund.created', refund, [refundFact]],
  ['refund.updated', { ...refund, payment_intent: { id: 'pi_1' } }, [refundFact]],
  ['refund.failed', refund, [refundFact]],
  ['charge.refunded', inFull, [refundFact, { ...refundFact, ref: 're_2', state: 'pending' }]],
])('%s is evidence about the PaymentIntent', async (type, object, facts) => {
  const raw = eventBody(object, type);
  const { observations } = await receive(signed(raw, newSecret));
  const occurredAt = '2026-01-01T00:00:00.000Z';
  expect(observations).toEqual([
    { evidenceId: 'evt_1', ref: 'pi_1', occurredAt, facts, providerData: null, raw },
  ]);
});

test.each([
  ['refund.created', { ...refund, payment_intent: null, charge: 'ch_1' }],
  ['charge.refunded', { ...charge, payment_intent: null, refunds: { data: [refund] } }],
])('%s of what a charge alone has paid is evidence about the charge', async (type, object) => {
  const { observations } = await receive(signed(eventBody(object, type), newSecret));
  expect(observations).toMatchObject([{ ref: 'ch_1', facts: [refundFact] }]);
});
