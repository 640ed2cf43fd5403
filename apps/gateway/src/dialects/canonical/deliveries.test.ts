import {
  CanonicalAttempts,
  CanonicalDelivery,
  CanonicalDeliveryPage,
  CanonicalProblem,
} from '@quittance/contracts/canonical';
import { beforeEach, expect, test } from 'vitest';
import { caller } from '../../core-under-test.ts';
import { aDelivery, anAttempt, anEndpoint, anInvoice } from '../../domain-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';

const { id } = aDelivery;
const one = `/v1/deliveries/${id}`;
const shown = {
  id,
  endpointId: anEndpoint.id,
  webhookId: 'evt_41',
  type: 'invoice.paid',
  position: 41,
  invoiceId: anInvoice.publicId,
  status: 'pending',
  attempts: 2,
  nextAttemptAt: '2026-01-02T03:34:05.678Z',
  createdAt: '2026-01-02T03:04:05.678Z',
  settledAt: null,
};

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

test('the newest deliveries', async () => {
  const { status, body } = await gateway.send('GET /v1/deliveries');
  expect([status, body]).toEqual([200, { data: [shown], next: id }]);
  expect(CanonicalDeliveryPage.strict().parse(body)).toEqual(body);
  expect(gateway.calls).toEqual([
    ['deliveries.list', { caller, filter: {}, after: null, limit: 20 }],
  ]);
});

test('every filter at once, on a later page', async () => {
  const query = new URLSearchParams({
    endpointId: anEndpoint.id,
    status: 'failed',
    type: 'endpoint.disabled',
    invoiceId: anInvoice.publicId,
    after: id,
    limit: '200',
  });
  expect((await gateway.send(`GET /v1/deliveries?${query.toString()}`)).status).toBe(200);
  const filter = {
    endpointId: anEndpoint.id,
    state: 'failed',
    type: 'endpoint.disabled',
    invoicePublicId: anInvoice.publicId,
  };
  expect(gateway.calls).toEqual([['deliveries.list', { caller, filter, after: id, limit: 200 }]]);
});

test('a delivery, its tries, and the same again', async () => {
  const { status, body } = await gateway.send(`GET ${one}`);
  expect([status, body]).toEqual([200, shown]);
  expect(CanonicalDelivery.strict().parse(body)).toEqual(body);
  const attempts = await gateway.send(`GET ${one}/attempts`);
  expect([attempts.status, attempts.body]).toEqual([200, { data: [anAttempt] }]);
  expect(CanonicalAttempts.strict().parse(attempts.body)).toEqual(attempts.body);
  const replayed = await gateway.post(`${one}/replay`, {});
  expect([replayed.status, replayed.body]).toEqual([200, shown]);
  expect(gateway.calls).toEqual([
    ['deliveries.get', { caller, id }],
    ['deliveries.attempts', { caller, id }],
    ['deliveries.replay', { caller, id }],
  ]);
});

test.each([
  ['/v1/deliveries?endpointId=1', 'endpointId'],
  ['/v1/deliveries?status=delivered', 'status'],
  ['/v1/deliveries?state=failed', 'state'],
  ['/v1/deliveries?type=endpoint.test', 'type'],
  ['/v1/deliveries?invoiceId=12', 'invoiceId'],
  ['/v1/deliveries?after=', 'after'],
  ['/v1/deliveries?after=41', 'after'],
  ['/v1/deliveries?limit=0', 'limit'],
  ['/v1/deliveries?limit=201', 'limit'],
  ['/v1/deliveries?status=failed&status=failed', 'status'],
  [`${one}?attempts=1`, 'attempts'],
  [`${one}/attempts?limit=1`, 'limit'],
])('GET %s is refused, naming %s', async (path, param) => {
  const answer = await gateway.send(`GET ${path}`);
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', param } });
  expect(gateway.calls).toEqual([]);
});

test('a replay takes nothing', async () => {
  const { status, body } = await gateway.post(`${one}/replay`, { failed: true });
  expect([status, CanonicalProblem.parse(body).param]).toEqual([400, 'failed']);
  expect(gateway.calls).toEqual([]);
});

test.each(['1', 'del_1', 'evt_41', id.toUpperCase(), `ep_${id.slice(4)}`])(
  'nothing of ours is called %s',
  async (other) => {
    for (const target of ['GET ', 'GET /attempts', 'POST /replay']) {
      const [method = '', rest = ''] = target.split(' ');
      const answer = await gateway.send(`${method} /v1/deliveries/${other}${rest}`);
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    expect(gateway.calls).toEqual([]);
  },
);
