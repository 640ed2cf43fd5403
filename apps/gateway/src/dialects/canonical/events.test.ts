import {
  CanonicalEvent,
  CanonicalEventPage,
  CanonicalExplanation,
  CanonicalMessage,
  CanonicalProviders,
} from '@quittance/contracts/canonical';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { caller } from '../../core-under-test.ts';
import {
  aBitsbyInvoice,
  anEndpoint,
  anInvoice,
  aProvider,
  aRefund,
} from '../../domain-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';

const id = anInvoice.publicId;
const event = {
  version: 1,
  position: 41,
  invoiceId: id,
  invoiceNumber: 12,
  seq: 3,
  type: 'invoice.paid',
  status: 'paid',
  occurredAt: '2026-01-02T03:04:05.678Z',
};
const endpointEvent = {
  version: 1,
  position: 43,
  type: 'endpoint.disabled',
  endpointId: anEndpoint.id,
  url: 'https://shop.example/hook',
  reason: 'failing',
  occurredAt: '2026-01-09T00:00:00.000Z',
};

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

test("an invoice's events", async () => {
  const { status, body } = await gateway.send(`GET /v1/invoices/${id}/events`);
  expect([status, body]).toEqual([200, { data: [event] }]);
  expect(gateway.calls).toEqual([['invoices.events', { caller, id }]]);
});

test('the feed says where to go on, also from an empty page', async () => {
  const first = await gateway.send('GET /v1/events');
  expect(first).toMatchObject({ status: 200, body: { next: 44 } });
  expect(first.body).toEqual({
    data: [event, endpointEvent, { ...event, position: 44 }],
    next: 44,
  });
  expect(CanonicalEventPage.strict().parse(first.body)).toEqual(first.body);
  gateway.feed([]);
  const last = await gateway.send('GET /v1/events?after=44&limit=1000');
  expect(last.body).toEqual({ data: [], next: 44 });
  expect((await gateway.send('GET /v1/events?after=0')).body).toEqual({ data: [], next: 0 });
  expect(gateway.calls).toEqual([
    ['events.feed', { caller, after: 0, limit: 100 }],
    ['events.feed', { caller, after: 44, limit: 1000 }],
    ['events.feed', { caller, after: 0, limit: 100 }],
  ]);
});

test('an event as endpoints get it, byte for byte', async () => {
  const { status, body } = await gateway.send('GET /v1/events/41/message');
  expect([status, body]).toEqual([200, { webhookId: 'evt_41', body: '{"a": 1}' }]);
  expect(CanonicalMessage.strict().parse(body)).toEqual(body);
  expect(gateway.calls).toEqual([['events.message', { caller, position: 41 }]]);
});

test.each(['0', '-1', 'evt_41', '01', '1.5', '9'.repeat(16)])('no event is at %s', async (at) => {
  const answer = await gateway.send(`GET /v1/events/${at}/message`);
  expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(gateway.calls).toEqual([]);
});

test.each([
  ['/v1/events/41/message?raw=1', 'raw'],
  ['/v1/events?after=-1', 'after'],
  ['/v1/events?after=x', 'after'],
  ['/v1/events?after=1&after=2', 'after'],
  ['/v1/events?limit=0', 'limit'],
  ['/v1/events?limit=1001', 'limit'],
  ['/v1/events?type=invoice.paid', 'type'],
  ['/v1/providers?x=1', 'x'],
])('GET %s is refused, naming %s', async (path, param) => {
  const answer = await gateway.send(`GET ${path}`);
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', param } });
  expect(gateway.calls).toEqual([]);
});

test('an event of version 1 has these fields, whatever becomes of ours', () => {
  expect(z.toJSONSchema(CanonicalEvent)).toMatchObject({
    properties: {
      version: { const: 1 },
      position: { type: 'integer' },
      invoiceId: { type: 'string' },
      invoiceNumber: { type: 'integer' },
      seq: { type: 'integer' },
      type: { type: 'string' },
      status: { type: 'string' },
      occurredAt: { type: 'string' },
    },
    required: Object.keys(event),
  });
  expect(CanonicalEvent.shape.type.options).toEqual(
    expect.arrayContaining([
      'invoice.created',
      'invoice.opened',
      'invoice.finalized',
      'invoice.action_required',
      'invoice.overdue',
      'invoice.uncollectible',
      'invoice.processing',
      'invoice.payment_failed',
      'invoice.partially_paid',
      'invoice.paid',
      'invoice.payment_received',
      'invoice.expired',
      'invoice.canceled',
      'invoice.failed',
      'invoice.refunded',
      'invoice.refund_failed',
      'invoice.disputed',
      'invoice.dispute_closed',
    ]),
  );
});

test('an explanation: each event with its rule and its evidence, bytes and all', async () => {
  const { status, body } = await gateway.send(`GET /v1/invoices/${id}/explain`);
  expect(status).toBe(200);
  const crypto = aBitsbyInvoice.payments[0]?.crypto;
  const observation = {
    evidenceId: 'evt_1',
    source: 'webhook',
    occurredAt: '2026-01-02T03:04:05.000Z',
    receivedAt: '2026-01-02T03:04:06.000Z',
    facts: [
      { kind: 'progress', state: 'processing', reason: null },
      { kind: 'ends', time: '2026-02-01T00:00:00.000Z' },
      { kind: 'owed', amount: 2050, currency: 'USD' },
      {
        kind: 'received',
        providerRef: 'in_1',
        amount: 3050,
        currency: 'USD',
        paidAt: '2026-01-02T03:04:05.000Z',
      },
      {
        kind: 'payment',
        providerRef: 'ch_1',
        amount: 3050,
        currency: 'USD',
        paidAt: null,
        payer: 'ada@example.com',
        crypto,
      },
      { kind: 'refund', providerRef: 're_1', amount: 1000, currency: 'USD', state: 'pending' },
      { kind: 'dispute', providerRef: 'dp_1', amount: 3050, currency: 'EUR', state: 'open' },
    ],
    raw: '{"id":"evt_1"}',
  };
  expect(body).toEqual({
    transitions: [
      { event, rule: 'the amount was received', observation, act: null },
      { event: { ...event, seq: 4 }, rule: 'we asked for it', observation: null, act: aRefund },
    ],
    acts: [aRefund],
    otherObservations: [observation],
  });
  expect(CanonicalExplanation.strict().parse(body)).toEqual(body);
  expect(gateway.calls).toEqual([['invoices.explain', { caller, id }]]);
});

test('what the providers can do', async () => {
  const { status, body } = await gateway.send('GET /v1/providers');
  expect([status, body]).toEqual([200, { data: [aProvider] }]);
  expect(CanonicalProviders.strict().parse(body)).toEqual(body);
});
