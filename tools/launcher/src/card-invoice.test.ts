import { rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import {
  Seed000Created,
  Seed000Error,
  Seed000Events,
  Seed000Found,
  type Seed000Invoice,
} from '@quittance/contracts/seed-000';
import { parseJson } from '@quittance/rpc';
import { fixture, shapeOf } from '@quittance/testing';
import { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runDemo } from './demo.ts';
import { control } from './faulty-hub-under-test.ts';
import { everyLauncher, type HubUnderTest, openHub, order } from './hub-under-test.ts';

const PaymentIntentText = z
  .string()
  .transform(parseJson)
  .pipe(z.looseObject({ id: z.string(), client_secret: z.string() }));

describe.each(everyLauncher)('a card invoice, the hub %s', (how) => {
  let hub: HubUnderTest;
  beforeAll(async () => {
    hub = await openHub(how);
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  const created = async (
    change: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ): Promise<Seed000Invoice> => {
    const { status, body } = await hub.create(change, headers);
    expect(status).toBe(201);
    return Seed000Created.parse(body).data.invoice;
  };
  const intentOf = ({ providerData }: Seed000Invoice) => PaymentIntentText.parse(providerData);
  const read = async (id: number): Promise<Seed000Invoice> =>
    Seed000Found.parse((await hub.call(`/v1/invoice/${id}`)).body).data.invoice;
  const statusOf = (id: number) => async (): Promise<string> => (await read(id)).status;
  const eventsOf = async (id: number): Promise<string[]> => {
    const { body } = await hub.call(`/v1/invoice/${id}/events`);
    return Seed000Events.parse(body).data.events.map(({ seq, type }) => `${seq} ${type}`);
  };
  const intentCount = async (): Promise<number> =>
    (await hub.stripe.paymentIntents.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 }))
      .length;

  test('answers with the fields and types of the seed, and the PaymentIntent inside', async () => {
    const { status, body } = await hub.create();
    expect(status).toBe(201);
    const seed = fixture('seeds/000-response.json');
    expect(shapeOf(body)).toEqual(shapeOf(seed));

    const invoice = Seed000Created.parse(body).data.invoice;
    expect(invoice).toMatchObject({
      userId: hub.demo.userId,
      provider: 'stripe',
      status: 'pending',
      remark: null,
      finalAmount: 20.5,
      currency: 'USD',
      itemType: 'flight',
      itemId: '1',
    });
    const seedIntent = intentOf(Seed000Created.parse(seed).data.invoice);
    const intent = intentOf(invoice);
    expect(shapeOf(intent)).toEqual(shapeOf(seedIntent));
    expect(intent).toMatchObject({
      amount: 2050,
      metadata: { invoice_id: String(invoice.id), user: String(hub.demo.userId) },
    });
    expect(await hub.stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      client_secret: intent.client_secret,
      status: 'requires_payment_method',
    });
    expect(await read(invoice.id)).toEqual(invoice);
  });

  test('is paid when a signed webhook says so', async () => {
    const { before, after, events } = await runDemo(hub.demo, { say: () => undefined });
    expect(before.status).toBe('pending');
    expect(after).toMatchObject({ id: before.id, status: 'paid', remark: null });
    expect(events.map(({ seq, type }) => `${seq} ${type}`)).toEqual([
      '1 invoice.created',
      '2 invoice.opened',
      '3 invoice.paid',
    ]);
  });

  test('a decline is told and the invoice stays payable', async () => {
    const invoice = await created();
    const { id } = intentOf(invoice);
    await expect(
      hub.stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_chargeDeclined' }),
    ).rejects.toThrow('declined');
    await expect
      .poll(() => read(invoice.id))
      .toMatchObject({ status: 'pending', remark: expect.stringContaining('declined') });
    await hub.stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    await expect.poll(statusOf(invoice.id)).toBe('paid');
    expect(await eventsOf(invoice.id)).toContain('3 invoice.payment_failed');
  });

  test('50 creates with one Idempotency-Key at once make one invoice and one PaymentIntent', async () => {
    const before = await intentCount();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => hub.create({}, { 'idempotency-key': 'fifty' })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await intentCount()).toBe(before + 1);
    const { status, body } = await hub.create({ item_id: 2 }, { 'idempotency-key': 'fifty' });
    expect(status).toBe(422);
    expect(Seed000Error.parse(body).error.code).toBe('idempotency_mismatch');
  });

  describe('bad input is a 4xx in the form of the seed, and nothing is stored or called', () => {
    const raw =
      (text: string, headers: Record<string, string> = {}) =>
      () =>
        hub.call('/v1/invoice/create', {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: text,
        });
    const json = (change: Record<string, unknown>) => () => hub.create(change);
    const amount = (text: string, currency = 'usd') =>
      raw(JSON.stringify({ ...order, currency }).replace('20.5', text));

    test.each<[string, () => ReturnType<HubUnderTest['call']>, number, string | undefined]>([
      ['unknown provider', json({ provider: 'paypal' }), 400, 'provider'],
      ['unknown currency', json({ currency: 'xxx' }), 400, 'currency'],
      ['currency that is no text', json({ currency: 840 }), 400, 'currency'],
      ['amount missing', json({ final_amount: undefined }), 400, 'final_amount'],
      ['amount zero', json({ final_amount: 0 }), 400, 'final_amount'],
      ['amount negative', json({ final_amount: -20.5 }), 400, 'final_amount'],
      ['amount NaN', json({ final_amount: 'NaN' }), 400, 'final_amount'],
      ['amount null', json({ final_amount: null }), 400, 'final_amount'],
      ['amount that is no number', json({ final_amount: '20,50' }), 400, 'final_amount'],
      ['more decimals than the currency', json({ final_amount: 20.505 }), 400, 'final_amount'],
      [
        'decimals that a binary fraction hides',
        amount('20.50000000000000001'),
        400,
        'final_amount',
      ],
      ['decimals in yen', amount('20.5', 'jpy'), 400, 'final_amount'],
      ['amount above the limit', json({ final_amount: 1_000_000 }), 400, 'final_amount'],
      ['amount beyond all limits', json({ final_amount: '9'.repeat(40) }), 400, 'final_amount'],
      ['wrong item_type', json({ item_type: 'yacht' }), 400, 'item_type'],
      ['item_id missing', json({ item_id: undefined }), 400, 'item_id'],
      ['item_id a fraction', json({ item_id: 1.5 }), 400, 'item_id'],
      ['wrong JSON', raw('{"provider": "stripe",'), 400, undefined],
      ['JSON that is no object', raw('[1]'), 400, undefined],
      ['no body', raw(''), 400, undefined],
      ['wrong content type', raw('x=1', { 'content-type': 'text/plain' }), 415, undefined],
      ['too large a body', raw(`"${'x'.repeat(1_100_000)}"`), 413, undefined],
      ['empty key header', raw('{}', { 'idempotency-key': ' '.repeat(3) }), 400, 'Idempotency-Key'],
      ['no API key', raw('{}', { authorization: '' }), 401, undefined],
      ['another scheme', raw('{}', { authorization: 'Basic eDp5' }), 401, undefined],
      ['a malformed API key', raw('{}', { authorization: 'Bearer qk_x' }), 401, undefined],
    ])('%s', async (_title, send, expectedStatus, param) => {
      const intents = await intentCount();
      const { id } = await created();
      const { status, body } = await send();
      const { error } = Seed000Error.parse(body);
      expect([status, error.param]).toEqual([expectedStatus, param]);
      expect(error.message).toMatch(/\w+ \w+/);
      expect((await created()).id).toBe(id + 1);
      expect(await intentCount()).toBe(intents + 2);
    });

    test('a revoked key, and a key without the scope', async () => {
      const revoked = await hub.newKey(['invoices:write']);
      const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
      expect((await hub.create({}, bearer(revoked.secret))).status).toBe(201);
      await revoked.revoke();
      expect((await hub.create({}, bearer(revoked.secret))).status).toBe(401);

      const readOnly = await hub.newKey(['invoices:read']);
      const { status, body } = await hub.create({}, bearer(readOnly.secret));
      expect(status).toBe(403);
      expect(Seed000Error.parse(body).error.message).toContain('invoices:write');
    });
  });

  test('a numeric string is an amount, exactly', async () => {
    expect(await created({ final_amount: '20.10' })).toMatchObject({ finalAmount: 20.1 });
  });

  describe('when Stripe', () => {
    test('refuses, its message is passed on and the invoice has failed', async () => {
      const before = await intentCount();
      const { status, body } = await hub.create({ final_amount: 0.1 });
      expect(status).toBe(402);
      expect(Seed000Error.parse(body).error).toMatchObject({
        code: 'provider_refused',
        message: expect.stringContaining('Amount must be at least $0.50 usd'),
      });
      expect(await intentCount()).toBe(before);
    });
  });

  describe('a webhook', () => {
    const post = (body: string, signature: string) =>
      fetch(`${hub.demo.gatewayUrl}/webhooks/stripe`, {
        method: 'POST',
        headers: { 'stripe-signature': signature },
        body,
      });
    const sign = (payload: string, timestamp = Math.floor(Date.now() / 1000)) =>
      Stripe.webhooks.generateTestHeaderString({
        payload,
        secret: hub.demo.stripe.webhookSecret,
        timestamp,
      });
    const succeeded = (invoice: Seed000Invoice): string => {
      const { id, metadata } = intentOf(invoice);
      return JSON.stringify({
        id: `evt_${id}`,
        object: 'event',
        type: 'payment_intent.succeeded',
        created: Math.floor(Date.now() / 1000),
        data: {
          object: {
            id,
            object: 'payment_intent',
            amount: 2050,
            amount_received: 2050,
            currency: 'usd',
            status: 'succeeded',
            created: 1,
            customer: null,
            metadata,
          },
        },
      });
    };

    test('that is forged, too old or unsigned is refused and changes nothing', async () => {
      const invoice = await created();
      const body = succeeded(invoice);
      const tooOld = sign(body, Math.floor(Date.now() / 1000) - 301);
      for (const signature of ['', 't=1,v1=00', tooOld, sign(`${body} `)]) {
        expect((await post(body, signature)).status).toBe(401);
      }
      expect(await read(invoice.id)).toEqual(invoice);
    });

    test('that is genuine counts once, however often it comes', async () => {
      const invoice = await created();
      const body = succeeded(invoice);
      for (let round = 0; round < 3; round += 1) {
        const answers = await Promise.all([post(body, sign(body)), post(body, sign(body))]);
        expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      }
      expect(await statusOf(invoice.id)()).toBe('paid');
      expect(await eventsOf(invoice.id)).toHaveLength(3);
    });

    test('of a provider that there is not is 404', async () => {
      const response = await fetch(`${hub.demo.gatewayUrl}/webhooks/paypal`, { method: 'POST' });
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
    });
  });

  test('an invoice of nobody, and one that cannot be, are 404 in the form of the seed', async () => {
    for (const id of ['999999', '0', 'x', '1e3', '01']) {
      const { status, body } = await hub.call(`/v1/invoice/${id}`);
      expect(status).toBe(404);
      expect(Seed000Error.parse(body).error.code).toBe('not_found');
    }
  });

  test('health, request ids and security headers', async () => {
    const get = (path: string, headers: Record<string, string> = {}) =>
      fetch(`${hub.demo.gatewayUrl}${path}`, { headers });
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
    const response = await get('/v1/invoice/1', { 'x-request-id': 'my-request' });
    expect(response.status).toBe(401);
    expect(response.headers.get('x-request-id')).toBe('my-request');
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Seed000Error.parse(await response.json()).error.requestId).toBe('my-request');
    const invented = await get('/nowhere', { 'x-request-id': 'not ok' });
    expect(invented.headers.get('x-request-id')).toMatch(/^req_/);
  });
});

test('stopping finishes the request under way', async () => {
  const hub = await openHub('in one process');
  await fetch(`${hub.demo.sandboxUrl}/_sandbox/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ latency_ms: 300 }),
  });
  const answer = Promise.withResolvers<number>();
  const request = httpRequest(`${hub.demo.gatewayUrl}/v1/invoice/create`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hub.demo.apiKey}`, 'content-type': 'application/json' },
  });
  request.on('response', (response) => answer.resolve(response.statusCode ?? 0));
  request.on('error', answer.reject);
  request.end(JSON.stringify(order));
  await expect.poll(async () => (await hub.call('/v1/invoice/1')).status).toBe(200);
  const closed = hub.hub.close();
  expect(await answer.promise).toBe(201);
  await closed;
  await expect(fetch(`${hub.demo.gatewayUrl}/healthz`)).rejects.toThrow('fetch failed');
  await rm(hub.dataDir, { recursive: true });
});

test.each(everyLauncher)(
  'when Stripe has no time, the hub %s answers 503 and opens the invoice later',
  async (how) => {
    await using hub = await openHub(how, { STRIPE_TIMEOUT_MS: '2000' });
    const intents = async () => (await hub.stripe.paymentIntents.list({ limit: 100 })).data.length;
    const busy = { fault: 'rate_limit', match: 'POST /v1/payment_intents' };
    await control(hub, 'faults', 'PUT', { retry_after_s: 3, script: [busy] });
    const key = { 'idempotency-key': 'busy' };
    const { status, body } = await hub.create({}, key);
    expect(status).toBe(503);
    const { message } = Seed000Error.parse(body).error;
    expect(message).toContain('Stripe has asked us to wait');
    const id = Number(/invoice (\d+)/.exec(message)?.[1]);
    await expect.poll(intents, { timeout: 15_000 }).toBe(1);
    const again = async () => (await hub.create({}, key)).body;
    await expect.poll(again).toMatchObject({ data: { invoice: { id } } });
    expect(await intents()).toBe(1);
  },
  30_000,
);
