import { parseJson } from '@quittance/rpc';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Invoice, Payment } from '../domain/invoice.ts';
import { BitsbyWebhook } from '../providers/bitsby.ts';
import {
  recordedBitsbyMessage,
  recordedBitsbyNames,
  recordedSecret,
} from './recorded-webhook-under-test.ts';
import { BitsbyMessage, bitsbyMessage } from './webhooks.ts';

const project = { id: '9deea1e2-6a0e-4f0a-9d2a-0b6f7f3f1c11', name: 'My project' };

const wallet = {
  id: '47aa71e2-07a0-482e-9172-7114d7376ba0',
  name: 'usdt-tron',
  address: 'TKbstUwMzLrfTAGL4erYb7gc7ghmHQ9zG7',
};

const transfer = {
  amount: '5.02000000',
  cryptocurrency: 'usdt',
  blockchain: 'tron',
  hash: '74763b65',
  wallet,
};

const payment: Payment = {
  ref: 'f986ad8d-5c5c-4a53-8e43-7d5a3a8f0a54',
  money: { amount: 502, currency: 'USD' },
  paidAt: '2024-02-26T13:32:57.000Z',
  payer: null,
  late: false,
  crypto: transfer,
};

/** Bitsby's object as the adapter hands it on. */
const object = {
  id: 'a4c9e2ee-0f5b-4b8f-8f0c-8a9a6a3f8f11',
  uid: 'AFhygKX21ecd',
  projectId: 'bitsbys-own',
  createDatetime: '2024-02-26 13:29:24',
  timeToPayDatetime: '2024-02-27 01:29:24',
  commissionFiatUSD: '0.05',
  amountFiatUSD: '5.00',
  amountFiat: '5.00',
  currencyFiat: 'USD',
  description: 'what Bitsby shows',
  serviceData: '{"quittance":"quittance-invoice-1","data":null}',
  views: 1,
  status: 'paid',
  url: 'https://dash.bitsby.app/invoices/pay/AFhygKX21ecd',
  payments: [],
  project: {
    id: 'bitsbys-own',
    name: 'Name at Bitsby',
    commissionPayer: 'seller',
    commissionRate: '1',
  },
  calcAmountFiat: '5.02',
};

const paid: Invoice = {
  id: 12,
  publicId: '68b0c1d2e3f4a5b6c7d8e9f0',
  accountId: 7,
  userId: 3,
  projectId: project.id,
  provider: 'bitsby',
  flow: 'bitsby.invoice',
  status: 'paid',
  exception: 'over',
  statusReason: null,
  amount: 500,
  currency: 'USD',
  received: 502,
  remaining: 0,
  overpaid: 2,
  refunded: 0,
  net: 502,
  disputed: 'none',
  payments: [payment],
  refunds: [],
  disputes: [],
  item: { type: 'none', id: 'none' },
  description: null,
  payload: null,
  expiresAt: '2024-02-27T01:29:24.000Z',
  providerRef: object.id,
  providerData: JSON.stringify(object),
  createdAt: '2024-02-26T13:29:23.999Z',
  updatedAt: '2024-02-26T13:33:00.000Z',
};

const write = (change: Partial<Invoice> = {}): string =>
  bitsbyMessage({ invoice: { ...paid, ...change }, project });

const read = (change: Partial<Invoice> = {}): BitsbyMessage =>
  BitsbyMessage.parse(parseJson(write(change)));

/** The example of https://docs.bitsby.app/webhook-url, of an invoice and a project that are ours. */
const documented = `{
  "wallet": {"id": "47aa71e2-07a0-482e-9172-7114d7376ba0", "name": "usdt-tron", "blockchain": "tron",
    "cryptocurrency": "usdt", "address": "TKbstUwMzLrfTAGL4erYb7gc7ghmHQ9zG7"},
  "project": {"id": "9deea1e2-6a0e-4f0a-9d2a-0b6f7f3f1c11", "name": "My project", "commissionPayer": "seller",
    "commissionRate": "1"},
  "invoice": {"id": "a4c9e2ee-0f5b-4b8f-8f0c-8a9a6a3f8f11", "uid": "AFhygKX21ecd",
    "createDatetime": "2024-02-26 13:29:24", "timeToPayDatetime": "2024-02-27 01:29:24",
    "commissionFiatUSD": "0.05", "amountFiatUSD": "5.00", "amountFiat": "5.00", "calcAmountFiat": "5.02",
    "currencyFiat": "USD", "description": null, "serviceData": null, "status": "paid"},
  "payment": {"id": "f986ad8d-5c5c-4a53-8e43-7d5a3a8f0a54", "amount": "5.02000000", "hash": "74763b65",
    "transactionDatetime": "2024-02-26 13:32:57"}
}`;

test('is the documented body, in its order', () => {
  expect(write()).toBe(JSON.stringify(JSON.parse(documented)));
});

test('is read by who reads Bitsby’s own', () => {
  expect(BitsbyWebhook.parse(parseJson(write()))).toEqual(read());
});

describe('the shop’s own data', () => {
  test.each([
    '',
    '0',
    'null',
    '"',
    'a\r\nb\tc',
    '{"order": 7}',
    'Ålesund ✈ 😀',
    '\u2028\\u0000',
    ' ',
  ])('%j comes back as it was given', (payload) => {
    expect(read({ payload }).invoice.serviceData).toBe(payload);
  });

  test('comes back whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (payload) => {
        expect(read({ payload }).invoice.serviceData).toBe(payload);
      }),
    );
  });
});

test('money is ours: two decimals, what was owed and what was received', () => {
  expect(read({ amount: 1005, received: 100_000, currency: 'EUR' }).invoice).toMatchObject({
    amountFiat: '10.05',
    calcAmountFiat: '1000.00',
    currencyFiat: 'EUR',
  });
});

test('an amount of a cryptocurrency has eight decimals, more where it has more', () => {
  const amountOf = (amount: string) =>
    read({ payments: [{ ...payment, crypto: { ...transfer, amount } }] }).payment?.amount;
  expect(amountOf('12')).toBe('12.00000000');
  expect(amountOf('0.5')).toBe('0.50000000');
  expect(amountOf('0.123456789012345678')).toBe('0.123456789012345678');
  expect(amountOf('1e-7')).toBe('1e-7');
});

describe('of several payments it tells of the one that paid', () => {
  const of = (ref: string, amount: number, currency: 'USD' | 'EUR' = 'USD'): Payment => ({
    ...payment,
    ref,
    money: { amount, currency },
  });

  test.each<[string, Payment[], string]>([
    ['the last of those that it took', [of('a', 200), of('b', 200), of('c', 100)], 'c'],
    ['the first that was enough', [of('a', 100), of('b', 600), of('c', 500)], 'b'],
    ['one that was enough by itself', [of('a', 300), of('b', 300), of('c', 500)], 'c'],
    ['not what came after it was', [of('a', 300), of('b', 200), of('c', 100)], 'b'],
    ['none of another currency', [of('a', 100), of('b', 499), of('c', 900, 'EUR')], 'b'],
    ['the last where less was taken', [of('a', 400), of('b', 99)], 'b'],
  ])('%s', (_what, payments, ref) => {
    expect(read({ payments }).payment?.id).toBe(ref);
  });
});

describe('where Bitsby said less', () => {
  const keysOf = (part: object) => Object.keys(part);

  test('what it did not say is left out, and times are ours', () => {
    const { wallet: paidTo, project: shop, invoice } = read({ providerData: null });
    expect(paidTo).not.toBeNull();
    expect(keysOf(shop)).toEqual(['id', 'name']);
    expect(invoice).toMatchObject({
      createDatetime: '2024-02-26 13:29:23',
      timeToPayDatetime: '2024-02-27 01:29:24',
    });
    const left = ['id', 'createDatetime', 'timeToPayDatetime', 'amountFiat', 'calcAmountFiat'];
    const rest = ['currencyFiat', 'description', 'serviceData', 'status'];
    expect(keysOf(invoice)).toEqual([...left, ...rest]);
  });

  test('a rate that is a number is text', () => {
    const providerData = JSON.stringify({ project: { commissionRate: 0.9 } });
    expect(read({ providerData }).project.commissionRate).toBe('0.9');
  });

  test('there may be no wallet, and no transaction', () => {
    const unbound = { ...payment, crypto: { ...transfer, wallet: null } };
    expect(read({ payments: [unbound] })).toMatchObject({
      wallet: null,
      payment: { hash: '74763b65' },
    });
    const told = { id: payment.ref, transactionDatetime: '2024-02-26 13:32:57' };
    expect(read({ payments: [{ ...payment, crypto: null }] })).toMatchObject({
      wallet: null,
      payment: told,
    });
    expect(read({ payments: [] })).toMatchObject({ wallet: null, payment: null });
  });

  test('money that came by card is told of as Bitsby lists it', () => {
    const listed = [{ id: 'another', amount: '1.0' }, 7, { id: payment.ref, amount: '5.02' }];
    const providerData = JSON.stringify({ ...object, payments: listed });
    const byCard = { payments: [{ ...payment, crypto: null }], providerData };
    expect(read(byCard).payment).toEqual({
      id: payment.ref,
      amount: '5.02000000',
      transactionDatetime: '2024-02-26 13:32:57',
    });
    expect(BitsbyWebhook.safeParse(parseJson(write(byCard))).error).toBeUndefined();
  });

  test('there is a message, whatever its object is', () => {
    const anything = fc.record(
      Object.fromEntries([...Object.keys(object), 'project'].map((key) => [key, fc.jsonValue()])),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anything, (said) => {
        const { invoice } = read({ providerData: JSON.stringify(said), payload: '7' });
        expect(invoice).toMatchObject({ serviceData: '7', amountFiat: '5.00', status: 'paid' });
      }),
    );
  });
});

describe.each(recordedBitsbyNames)('%s, as it was sent', (name) => {
  const { body, headers } = recordedBitsbyMessage(name);
  afterEach(() => {
    vi.useRealTimers();
  });

  test('is read, with no field that ours have lost, and verifies', () => {
    expect(BitsbyMessage.parse(parseJson(body))).toEqual(parseJson(body));
    vi.useFakeTimers({ now: Number(headers['webhook-timestamp']) * 1000, toFake: ['Date'] });
    expect(new Webhook(recordedSecret).verify(body, headers)).toEqual(parseJson(body));
  });
});
