import { CanonicalCreate, type CanonicalCreateBody } from '@quittance/contracts/canonical';
import { beforeEach, describe, expect, test } from 'vitest';
import { caller } from '../../core-under-test.ts';
import { aStripeInvoice } from '../../domain-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';

const order = {
  provider: 'stripe',
  flow: 'stripe.invoice',
  amount: 3300,
  currency: 'eur',
} satisfies CanonicalCreateBody;

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

const create = (change: Record<string, unknown> = {}) =>
  gateway.post('/v1/invoices', { ...order, ...change });

test('the least that it needs: one line, charged to the customer of the user', async () => {
  const { status, body } = await create();
  expect(status).toBe(201);
  expect(body).toMatchObject({ id: aStripeInvoice.publicId, flow: 'stripe.invoice' });
  expect(gateway.calls).toEqual([
    [
      'invoices.create',
      {
        caller,
        billed: null,
        idempotencyKey: null,
        money: { amount: 3300, currency: 'EUR' },
        item: { type: 'none', id: 'none' },
        description: null,
        payload: null,
        projectId: null,
        options: {
          provider: 'stripe',
          flow: 'stripe.invoice',
          customer: null,
          paymentMethod: null,
          lines: [{ description: 'Invoice', quantity: 1, unitAmount: 3300 }],
          footer: null,
          due: null,
          draft: false,
        },
        expiry: null,
      },
    ],
  ]);
});

test('everything that it can have', async () => {
  const { status } = await create({
    lines: [
      { description: ' Seats', quantity: 3, unitAmount: 1500 },
      { description: 'Discount', unitAmount: -1200 },
    ],
    description: 'Seats for a year',
    paymentMethod: 'pm_1',
    footer: 'Thank you',
    dueInDays: 0,
    draft: true,
    expiresIn: 60,
  });
  expect(status).toBe(201);
  expect(gateway.calls).toMatchObject([
    [
      'invoices.create',
      {
        description: 'Seats for a year',
        options: {
          paymentMethod: 'pm_1',
          lines: [
            { description: ' Seats', quantity: 3, unitAmount: 1500 },
            { description: 'Discount', quantity: 1, unitAmount: -1200 },
          ],
          footer: 'Thank you',
          due: { kind: 'days', days: 0 },
          draft: true,
        },
        expiry: { kind: 'in', seconds: 60 },
      },
    ],
  ]);
});

test('due at a time', async () => {
  await create({ dueAt: '2026-02-01T01:00:00+01:00' });
  const due = { kind: 'at', time: '2026-02-01T00:00:00.000Z' };
  expect(gateway.calls).toMatchObject([[{}, { options: { due } }]]);
});

test('what is null was not given', async () => {
  const nothing = { lines: null, paymentMethod: null, footer: null, draft: null };
  await create({ ...nothing, dueInDays: null, dueAt: null });
  await create();
  expect(gateway.calls[0]).toEqual(gateway.calls[1]);
});

test.each([
  ['Seats for a year', 'Seats for a year'],
  ['', 'Invoice'],
  ['x'.repeat(500), 'x'.repeat(500)],
  ['x'.repeat(501), 'Invoice'],
])('described as %j, its only line is %j', async (description, line) => {
  await create({ description });
  const asked = { description, options: { lines: [{ description: line }] } };
  expect(gateway.calls).toMatchObject([[{}, asked]]);
});

test('lines of another sum are no request, whatever the core says', () => {
  const lines = [{ description: 'x', unitAmount: 3301 }];
  const { error } = CanonicalCreate.safeParse({ ...order, lines });
  expect(error?.issues).toMatchObject([{ path: ['lines'], message: 'must add up to amount' }]);
});

describe('is refused, naming the field, and the core not asked', () => {
  const line = { description: 'x', unitAmount: 3300 };
  const withLine = (change: Record<string, unknown>) => ({ lines: [{ ...line, ...change }] });
  const huge = [9e15, 9e15, -9e15, -9e15, 3300].map((unitAmount) => ({ ...line, unitAmount }));

  test.each<[string, Record<string, unknown>, string]>([
    ['lines of another sum', { lines: [line, line] }, 'lines'],
    ['lines too large', { lines: huge }, 'lines'],
    ['no lines', { lines: [] }, 'lines'],
    ['251 lines', { lines: Array.from({ length: 251 }, () => ({})) }, 'lines'],
    ['lines that are no list', { lines: line }, 'lines'],
    ['a line that is none', { lines: ['x'] }, 'lines.0'],
    ['a line without description', withLine({ description: undefined }), 'lines.0.description'],
    ['a line without amount', withLine({ unitAmount: undefined }), 'lines.0.unitAmount'],
    ['a fraction', withLine({ unitAmount: 33.5 }), 'lines.0.unitAmount'],
    ['an amount as text', withLine({ unitAmount: '3300' }), 'lines.0.unitAmount'],
    ['none of a thing', withLine({ quantity: 0 }), 'lines.0.quantity'],
    ['more of a line', withLine({ currency: 'eur' }), 'lines.0.currency'],
    ['an empty payment method', { paymentMethod: '' }, 'paymentMethod'],
    ['a long footer', { footer: 'x'.repeat(5001) }, 'footer'],
    ['days below zero', { dueInDays: -1 }, 'dueInDays'],
    ['eleven years', { dueInDays: 4015 }, 'dueInDays'],
    ['a day without time', { dueAt: '2026-02-01' }, 'dueAt'],
    ['both dues', { dueAt: '2026-02-01T00:00:00Z', dueInDays: 1 }, 'dueInDays'],
    ['both expiries', { expiresAt: '2026-02-01T00:00:00Z', expiresIn: 1 }, 'expiresIn'],
    ['a draft as text', { draft: 'true' }, 'draft'],
    ['a customer', { customer: 'cus_1' }, 'customer'],
    ['no amount', { amount: undefined }, 'amount'],
  ])('%s', async (_title, change, param) => {
    gateway = openGateway({ bodyLimitBytes: 100_000 });
    const { status, body } = await create(change);
    expect([status, gateway.calls]).toEqual([400, []]);
    expect(body).toMatchObject({
      code: 'invalid_request',
      param,
      title: expect.stringMatching(/\w+ \w+/),
    });
  });
});
