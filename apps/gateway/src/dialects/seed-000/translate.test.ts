import type { Invoice } from '@quittance/contracts';
import { Seed000Create, Seed000Created } from '@quittance/contracts/seed-000';
import { parseJson } from '@quittance/rpc';
import { fixture, fixtureText, shapeOf } from '@quittance/testing';
import { expect, test } from 'vitest';
import { keepAmountText, toCreateInvoice, toSeed000Invoice } from './translate.ts';

const context = { caller: { accountId: 1, userId: 1 }, idempotencyKey: null };

const translate = (text: string) => {
  const body: unknown = JSON.parse(text, keepAmountText);
  return toCreateInvoice(Seed000Create.parse(body), context);
};

const withAmount = (amount: string, currency = 'usd'): string =>
  JSON.stringify({
    provider: 'stripe',
    item_type: 'flight',
    item_id: 1,
    currency,
    final_amount: 'AMOUNT',
  }).replace('"AMOUNT"', amount);

test("the seed's own request", () => {
  expect(translate(fixtureText('seeds/000-request.json'))).toEqual({
    ...context,
    billed: null,
    money: { amount: 2050, currency: 'USD' },
    item: { type: 'flight', id: '1' },
    description: null,
    payload: null,
    projectId: null,
    options: { provider: 'stripe', flow: 'stripe.payment_intent' },
    expiry: null,
  });
});

test.each([
  ['20.50', 'usd', 2050],
  ['20.5', 'USD', 2050],
  ['"20.50"', 'usd', 2050],
  ['4.35', 'usd', 435],
  ['500', 'jpy', 500],
  ['5.120', 'kwd', 5120],
])('final_amount %s %s is %i minor units', (text, currency, amount) => {
  expect(translate(withAmount(text, currency)).money.amount).toBe(amount);
});

test.each(['20.505', '"20.505"', '20.4999999999999999999', '-1', '1e3', '"1e3"', '"NaN"', '""'])(
  'final_amount %s is refused, not rounded',
  (text) => {
    expect(() => translate(withAmount(text))).toThrow(
      expect.objectContaining({ code: 'invalid_request', param: 'amount' }),
    );
  },
);

const seedExample = Seed000Created.parse({
  ...Object(fixture('seeds/000-response.json')),
});

const invoice: Invoice = {
  id: 1,
  publicId: '0123456789abcdef01234567',
  accountId: 1,
  userId: 1,
  projectId: null,
  provider: 'stripe',
  flow: 'stripe.payment_intent',
  status: 'pending',
  exception: 'none',
  statusReason: null,
  amount: 2050,
  currency: 'USD',
  received: 0,
  remaining: 2050,
  overpaid: 0,
  refunded: 0,
  net: 0,
  disputed: 'none',
  payments: [],
  refunds: [],
  disputes: [],
  item: { type: 'flight', id: '1' },
  description: null,
  payload: null,
  expiresAt: null,
  providerRef: 'pi_3ST4YA3e5ppadNSy0KPckdMs',
  providerData: seedExample.data.invoice.providerData,
  createdAt: '2025-11-13T17:43:15.465Z',
  updatedAt: '2025-11-13T17:43:15.465Z',
};

test("the seed's own response, to the letter but for the precision of its time", () => {
  expect(toSeed000Invoice(invoice)).toEqual({
    ...seedExample.data.invoice,
    time: '2025-11-13T17:43:15.465Z',
  });
});

test("today's PaymentIntent is rendered as the seed shows it: sorted, no nulls, references as objects", () => {
  const today = {
    id: 'pi_1',
    customer: 'cus_1',
    application: null,
    latest_charge: null,
    amount_details: { tip: {}, shipping: null },
    last_payment_error: null,
    payment_method_types: ['card'],
  };
  const { providerData } = toSeed000Invoice({ ...invoice, providerData: JSON.stringify(today) });
  expect(providerData).toBe(
    '{"amount_details":{"tip":{}},"customer":{"id":"cus_1"},"id":"pi_1","payment_method_types":["card"]}',
  );
  const shape = shapeOf(parseJson(seedExample.data.invoice.providerData ?? ''));
  expect(shape['$.customer.id']).toBe('string');
});

test('an invoice that its provider has not made yet has no providerData', () => {
  expect(toSeed000Invoice({ ...invoice, status: 'creating', providerData: null })).toMatchObject({
    status: 'pending',
    providerData: null,
  });
});
