import { CanonicalInvoice, type CanonicalCreateBody } from '@quittance/contracts/canonical';
import { DomainError } from '@quittance/rpc';
import { beforeEach, describe, expect, test } from 'vitest';
import { caller } from '../../core-under-test.ts';
import { aBitsbyInvoice } from '../../domain-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';

const order = {
  provider: 'bitsby',
  amount: 1055,
  currency: 'eur',
  projectId: '9DEEA1E2-0c08-41a3-bdc2-a34eada3892d',
  timeToPay: 6,
} satisfies CanonicalCreateBody;

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

const create = (change: Record<string, unknown> = {}) =>
  gateway.post('/v1/invoices', { ...order, ...change });

const asked = {
  caller,
  billed: null,
  idempotencyKey: null,
  money: { amount: 1055, currency: 'EUR' },
  item: { type: 'none', id: 'none' },
  description: null,
  payload: null,
  projectId: '9deea1e2-0c08-41a3-bdc2-a34eada3892d',
  options: { provider: 'bitsby', flow: 'bitsby.invoice', timeToPay: 6 },
  expiry: null,
};

test('the least that it needs, and what is answered', async () => {
  const { status, body } = await create();
  expect(status).toBe(201);
  expect(CanonicalInvoice.strict().parse(body)).toMatchObject({
    id: aBitsbyInvoice.publicId,
    projectId: aBitsbyInvoice.projectId,
    provider: 'bitsby',
    flow: 'bitsby.invoice',
    payload: '{"userId":100,"orderId":500}',
    expiresAt: '2024-03-01T03:20:24.000Z',
    providerData: { url: 'https://dash.bitsby.app/invoices/pay/MXNj4m8HhcM4' },
  });
  expect(gateway.calls).toEqual([['invoices.create', asked]]);
});

test('everything that it can have', async () => {
  const more = {
    item: { type: 'license', id: '1' },
    description: '12 months',
    payload: '{"userId":100}',
  };
  expect((await create({ flow: 'bitsby.invoice', ...more })).status).toBe(201);
  expect(gateway.calls).toEqual([['invoices.create', { ...asked, ...more }]]);
});

test('what is null was not given', async () => {
  const nothing = { item: null, description: null, payload: null };
  await create({ ...nothing, expiresAt: null, expiresIn: null });
  expect(gateway.calls).toEqual([['invoices.create', asked]]);
});

test.each([
  ['0.5', 0.5],
  ['"0.5"', 0.5],
  ['0.50', 0.5],
  ['1', 1],
  ['3.0', 3],
  ['12', 12],
  ['"12"', 12],
])('timeToPay %s is %d hours', async (text, hours) => {
  const body = JSON.stringify({ ...order, timeToPay: 'HOURS' }).replace('"HOURS"', text);
  expect((await gateway.post('/v1/invoices', body)).status).toBe(201);
  expect(gateway.calls).toMatchObject([[{}, { options: { timeToPay: hours } }]]);
});

describe('is refused, and the core not asked', () => {
  const hours = 'must be one of: 0.5, 1, 3, 6, 12';
  const ends = 'cannot be given: timeToPay says when it ends';

  test.each<[unknown, string, string]>([
    [{ ...order, projectId: undefined }, 'projectId', 'must be a UUID'],
    [{ ...order, projectId: null }, 'projectId', 'must be a UUID'],
    [{ ...order, projectId: 'shop' }, 'projectId', 'must be a UUID'],
    [{ ...order, timeToPay: undefined }, 'timeToPay', hours],
    [{ ...order, timeToPay: null }, 'timeToPay', hours],
    [{ ...order, timeToPay: 2 }, 'timeToPay', hours],
    [{ ...order, timeToPay: '2' }, 'timeToPay', hours],
    [
      JSON.stringify(order).replace('"timeToPay":6', '"timeToPay":0.50000000000000000001'),
      'timeToPay',
      hours,
    ],
    [{ ...order, expiresAt: '2026-02-01T00:00:00Z' }, 'expiresAt', ends],
    [{ ...order, expiresIn: 60 }, 'expiresIn', ends],
    [{ ...order, amount: '10.55' }, 'amount', 'must be an integer'],
    [{ ...order, payload: 1 }, 'payload', 'must be a string of 0 to 4096 characters'],
    [{ ...order, flow: 'bitsby.other' }, 'flow', 'must be one of: bitsby.invoice'],
    [{ ...order, lines: [] }, 'lines', 'is not known here'],
    [{ ...order, provider: 'paypal' }, 'provider', 'must be one of: stripe, bitsby'],
  ])('%j', async (sent, param, message) => {
    const { status, body } = await gateway.post('/v1/invoices', sent);
    expect(status).toBe(400);
    expect(body).toMatchObject({ param, title: expect.stringContaining(message) });
    expect(gateway.calls).toEqual([]);
  });
});

test("another account's project is not found", async () => {
  gateway.failWith(new DomainError('not_found', 'No project 9deea1e2', { param: 'projectId' }));
  expect(await create()).toMatchObject({
    status: 404,
    body: { code: 'not_found', param: 'projectId', title: 'No project 9deea1e2' },
  });
});
