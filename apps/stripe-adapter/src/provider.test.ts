import { openInput } from '@quittance/testing';
import { expect, test } from 'vitest';
import { withAdapter } from './adapter-under-test.ts';

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

test('what is found says when, by Stripe, and when the money moved', () =>
  withAdapter(
    async ({ provider, options, stripe, pay, answer }) => {
      const open = openInput(options);
      const ref = (await provider.open(open)).observation.ref ?? '';
      await pay(ref);
      const intent = await stripe.paymentIntents.retrieve(ref, { expand: ['latest_charge'] });
      const plain = await stripe.paymentIntents.retrieve(ref);
      const created = 1_767_225_600;
      const shown = { ...intent, latest_charge: { ...Object(intent.latest_charge), created } };
      const headers = { date: 'Fri, 02 Jan 2026 00:00:00 GMT' };
      answer(`GET /v1/payment_intents/${ref}`, { headers, body: shown });
      answer('GET /v1/payment_intents', { headers, body: { object: 'list', data: [shown] } });

      const looks = [
        await provider.find({ by: 'ref', ref, object: null, hints: [], isUrgent: false }),
        await provider.find({ by: 'ref', ref, object: null, hints: [], isUrgent: false }),
        await provider.find({ by: 'open', open }),
      ].flatMap(({ observations }) => observations);
      expect(new Set(looks.map(({ evidenceId }) => evidenceId)).size).toBe(3);
      for (const { occurredAt, facts, providerData } of looks) {
        expect(occurredAt).toBe('2026-01-02T00:00:00.000Z');
        expect(facts).toMatchObject([{ kind: 'payment', paidAt: '2026-01-01T00:00:00.000Z' }]);
        expect(JSON.parse(providerData ?? '')).toEqual(plain);
      }
    },
    { clock: () => 1_900_000_000_000 },
  ));

test('a refund made out of band comes as a webhook', () =>
  withAdapter(async ({ provider, options, stripe, pay, webhooks }) => {
    const ref = (await provider.open(openInput(options))).observation.ref ?? '';
    await pay(ref);
    const refund = await stripe.refunds.create({ payment_intent: ref, amount: 500 });
    const received = await Promise.all((await webhooks(ref)).map(provider.receive));
    const facts = received.flatMap(({ observations }) => observations.flatMap((one) => one.facts));
    expect(facts.filter(({ kind }) => kind === 'refund')).toEqual([
      {
        kind: 'refund',
        ref: refund.id,
        money: { amount: 500, currency: 'USD' },
        state: 'succeeded',
      },
    ]);
  }));

test('a PaymentIntent is canceled and nothing else; a refusal to ask for more is no answer of Stripe’s', () =>
  withAdapter(async ({ provider, options, stripe }) => {
    const ref = (await provider.open(openInput(options))).observation.ref ?? '';
    for (const kind of ['finalize', 'send', 'void', 'mark_uncollectible'] as const) {
      await expect(
        provider.act({ ref, object: null, key: `act-${kind}`, act: { kind } }),
      ).rejects.toMatchObject({
        code: 'provider_refused',
        message: expect.stringContaining(kind),
        refusal: undefined,
      });
    }
    expect(await stripe.paymentIntents.retrieve(ref)).toMatchObject({
      status: 'requires_payment_method',
    });
  }));

test('what each flow can be asked for is told', () =>
  withAdapter(async ({ provider }) => {
    const { flows, reachable } = await provider.describe();
    expect(reachable).toBe(true);
    expect(flows.map(({ flow, acts }) => [flow, acts])).toEqual([
      ['stripe.payment_intent', ['cancel']],
      ['stripe.invoice', ['cancel', 'finalize', 'pay', 'send', 'void', 'mark_uncollectible']],
    ]);
  }));
