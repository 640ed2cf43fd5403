import { parseJson } from '@quittance/rpc';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { DisabledReason, WebhookEventType } from '../domain/endpoint.ts';
import { type EndpointEvent, EventType, type InvoiceEvent } from '../domain/event.ts';
import type { Invoice, InvoiceStatus } from '../domain/invoice.ts';
import type { CanonicalInvoice } from './canonical-answers.ts';
import { recordedNames, recordedWebhook } from './recorded-webhook-under-test.ts';
import {
  type EndpointDisabledEvent,
  type EndpointTestEvent,
  endpointMessage,
  invoiceMessage,
  KnownWebhookEvent,
  readWebhookEvent,
  testMessage,
  type UnknownWebhookEvent,
  type WebhookEvent,
  WebhookInvoice,
} from './webhooks.ts';

const occurredAt = '2026-01-02T03:04:05.678Z';

const projectId = '9deea1e2-6a0e-4f0a-9d2a-0b6f7f3f1c11';

const crypto = {
  amount: '30.50000000',
  cryptocurrency: 'usdt',
  blockchain: 'tron',
  hash: 'f0935262',
  wallet: { id: '47aa71e2', name: 'usdt-tron', address: 'TKbs' },
};

const invoice: Invoice = {
  id: 12,
  publicId: '68b0c1d2e3f4a5b6c7d8e9f0',
  accountId: 7,
  userId: 3,
  projectId,
  provider: 'stripe',
  flow: 'stripe.payment_intent',
  status: 'paid',
  exception: 'over',
  statusReason: null,
  amount: 2050,
  currency: 'USD',
  received: 3050,
  remaining: 0,
  overpaid: 1000,
  refunded: 0,
  net: 3050,
  disputed: 'open',
  payments: [
    {
      ref: 'ch_1',
      money: { amount: 3050, currency: 'USD' },
      paidAt: occurredAt,
      payer: 'ada@example.com',
      late: false,
      crypto,
    },
  ],
  refunds: [{ ref: 're_1', money: { amount: 1000, currency: 'USD' }, state: 'failed' }],
  disputes: [{ ref: 'dp_1', money: { amount: 3050, currency: 'EUR' }, state: 'open' }],
  item: { type: 'flight', id: '1' },
  description: 'Ein Flug nach Ålesund ✈',
  payload: 'order "7"\n✈',
  expiresAt: null,
  providerRef: 'pi_1',
  providerData: '{"id":"pi_1","customer":null}',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: occurredAt,
};

const eventOf = (type: EventType): InvoiceEvent => ({
  position: 41,
  invoiceId: 12,
  invoicePublicId: invoice.publicId,
  seq: 3,
  type,
  status: 'paid',
  occurredAt,
});

const shown = {
  id: invoice.publicId,
  number: 12,
  userId: 3,
  projectId,
  provider: 'stripe',
  flow: 'stripe.payment_intent',
  status: 'paid',
  exception: 'over',
  statusReason: null,
  amount: 2050,
  currency: 'USD',
  received: 3050,
  remaining: 0,
  overpaid: 1000,
  refunded: 0,
  net: 3050,
  disputed: 'open',
  payments: [
    {
      providerRef: 'ch_1',
      amount: 3050,
      currency: 'USD',
      paidAt: occurredAt,
      payer: 'ada@example.com',
      late: false,
      crypto,
    },
  ],
  refunds: [{ providerRef: 're_1', amount: 1000, currency: 'USD', state: 'failed' }],
  disputes: [{ providerRef: 'dp_1', amount: 3050, currency: 'EUR', state: 'open' }],
  item: { type: 'flight', id: '1' },
  description: 'Ein Flug nach Ålesund ✈',
  payload: 'order "7"\n✈',
  expiresAt: null,
  providerRef: 'pi_1',
  providerData: { id: 'pi_1', customer: null },
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: occurredAt,
};

test.each(EventType.options)('%s is sent with the whole invoice, and read as that type', (type) => {
  const message = readWebhookEvent(invoiceMessage({ event: eventOf(type), invoice }));
  expect(message).toEqual({
    type,
    timestamp: occurredAt,
    data: { version: 1, position: 41, seq: 3, invoice: shown },
  });
});

test.each(DisabledReason.options)('an endpoint that was disabled: %s', (reason) => {
  const url = 'https://shop.example/hook';
  const event: EndpointEvent = {
    position: 41,
    type: 'endpoint.disabled',
    endpointId: 'ep_1',
    url,
    reason,
    occurredAt,
  };
  expect(readWebhookEvent(endpointMessage(event))).toEqual({
    type: 'endpoint.disabled',
    timestamp: occurredAt,
    data: { version: 1, position: 41, endpoint: { id: 'ep_1', url, reason } },
  });
});

test('a test ping', () => {
  const endpoint = { id: 'ep_1', url: 'https://shop.example/hook' };
  expect(readWebhookEvent(testMessage({ endpoint, at: new Date(occurredAt) }))).toEqual({
    type: 'endpoint.test',
    timestamp: occurredAt,
    data: { version: 1, endpoint },
  });
});

test('whatever an endpoint can ask to be told is a type of its own, and nothing else but the ping', () => {
  const types = KnownWebhookEvent.options.map(({ shape }) => shape.type.value);
  expect(types.toSorted()).toEqual([...WebhookEventType.options, 'endpoint.test'].toSorted());
});

describe.each(recordedNames)('what was sent as %s', (name) => {
  const { type, body } = recordedWebhook(name);

  test('is read as long as its version is', () => {
    const event = readWebhookEvent(body);
    expect(event.type).toBe(type);
    expect(event).toMatchObject(z.looseObject({}).parse(parseJson(body)));
    expect(KnownWebhookEvent.parse(event)).toEqual(event);
  });

  test('has no field that ours have lost', () => {
    const Sent = z.object({ data: z.object({ invoice: WebhookInvoice.strict().optional() }) });
    expect(Sent.safeParse(parseJson(body)).error).toBeUndefined();
  });
});

test('what was not sent yet in the beginning is null', () => {
  const event = readWebhookEvent(recordedWebhook('invoice.paid').body);
  const [payment] = event.type === 'invoice.paid' ? event.data.invoice.payments : [];
  expect(event).toMatchObject({ data: { invoice: { projectId: null, payload: null } } });
  expect(payment).toMatchObject({ crypto: null });
});

const paid = { type: 'invoice.paid', timestamp: occurredAt };
const data = { version: 1, position: 41, seq: 3, invoice: shown };
const disabledFor = (reason: string) => ({
  type: 'endpoint.disabled',
  timestamp: occurredAt,
  data: { version: 1, position: 41, endpoint: { id: 'ep_1', url: 'https://a.example', reason } },
});

describe('what is newer than the receiver', () => {
  test.each([
    ['a type', { ...paid, type: 'invoice.archived', data }],
    ['a type without a version', { ...paid, type: 'account.closed', data: null }],
    ['a version', { ...paid, data: { version: 2, bill: {} } }],
    ['a status', { ...paid, data: { ...data, invoice: { ...shown, status: 'on_hold' } } }],
    ['a reason', disabledFor('quota')],
    ['what is left out', { ...paid, data: { ...data, seq: undefined } }],
    ['a type that is called unknown', { ...paid, type: 'unknown', data }],
  ])('%s is passed on as it came', (_what, message) => {
    const body = JSON.stringify(message);
    expect(readWebhookEvent(body)).toEqual({ type: 'unknown', message: parseJson(body) });
  });

  test('a field is no obstacle', () => {
    const more = { ...data, reason: 'x', invoice: { ...shown, tax: 0 } };
    const event = readWebhookEvent(JSON.stringify({ ...paid, data: more, account: 'acct' }));
    expect(event).toEqual({ ...paid, data });
  });

  test('nor is a provider or a currency', () => {
    const flight = { ...shown, provider: 'bank', flow: 'bank.transfer', currency: 'ZZZ' };
    const payments = shown.payments.map((payment) => ({ ...payment, currency: 'ZZZ' }));
    const event = { ...paid, data: { ...data, invoice: { ...flight, payments } } };
    expect(readWebhookEvent(JSON.stringify(event))).toEqual(event);
  });
});

test.each([
  ['', ''],
  ['no JSON', '{'],
  ['no object', '[]'],
  ['no type', JSON.stringify({ timestamp: occurredAt, data })],
])('%s is never taken for a message', (_what, body) => {
  expect(() => readWebhookEvent(body)).toThrow();
});

test('the type says what the message has', () => {
  const read = (event: WebhookEvent): string => {
    if (event.type === 'invoice.paid') {
      expectTypeOf(event.data.invoice.status).toEqualTypeOf<InvoiceStatus>();
      expectTypeOf(event.data.seq).toEqualTypeOf<number>();
      expectTypeOf(event.data.version).toEqualTypeOf<1>();
      return event.data.invoice.status;
    }
    if (event.type === 'endpoint.disabled') {
      expectTypeOf(event).toEqualTypeOf<EndpointDisabledEvent>();
      expectTypeOf(event.data.endpoint.reason).toEqualTypeOf<DisabledReason>();
      expectTypeOf(event.data).not.toHaveProperty('invoice');
      return event.data.endpoint.reason;
    }
    if (event.type === 'endpoint.test') {
      expectTypeOf(event).toEqualTypeOf<EndpointTestEvent>();
      expectTypeOf(event.data).not.toHaveProperty('position');
      return event.data.endpoint.id;
    }
    if (event.type === 'unknown') {
      expectTypeOf(event).toEqualTypeOf<UnknownWebhookEvent>();
      return event.message.type;
    }
    expectTypeOf(event.type).toEqualTypeOf<Exclude<EventType, 'invoice.paid'>>();
    return event.data.invoice.id;
  };
  expect(read(readWebhookEvent(invoiceMessage({ event: eventOf('invoice.paid'), invoice })))).toBe(
    'paid',
  );

  type Paid = Extract<WebhookEvent, { type: 'invoice.paid' }>;
  expectTypeOf<Paid['type']>().toEqualTypeOf<'invoice.paid'>();
  expectTypeOf<WebhookEvent['type']>().toEqualTypeOf<
    WebhookEventType | 'endpoint.test' | 'unknown'
  >();
  expectTypeOf<CanonicalInvoice>().toExtend<Paid['data']['invoice']>();
});
