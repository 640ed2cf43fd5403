import { InvoiceStatus } from '@quittance/contracts';
import { Seed001Created, Seed001Seen } from '@quittance/contracts/seed-001';
import { DomainError } from '@quittance/rpc';
import { fixture } from '@quittance/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';
import {
  aPaidTelegramInvoice,
  aPointsInvoice,
  aTelegramInvoice,
} from '../../telegram-under-test.ts';
import { commands, question, sendGet, sendJson, ways } from './requests-under-test.ts';

const path = `${commands}/invoice-status`;
const created = Seed001Created.parse(fixture('seeds/001-response.json'));

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway({ qrUrl: 'https://quickchart.io/qr' });
});

const ask = async () => (await sendGet(gateway, path, question)).body;

/** The source's own fields in its order, then those that only the documentation has. */
const unpaid = {
  status: 'success',
  invoice: {
    invoiceId: 'invoice-JJD0EOPJ',
    title: 'Test Payment',
    amount: '10',
    description: 'Payment for test',
    status: 'unpaid',
    paidBy: 'Not yet paid',
    qrCode: created.invoice.qrCode,
    payLink: 'https://t.me/bbp_app_bot?start=invoice-JJD0EOPJ',
    userId: '7378059553',
  },
};

test.each(ways)('by %s, while nobody has paid', async (_way, send) => {
  const { status, body } = await send(gateway, path, question);
  expect([status, JSON.stringify(body)]).toEqual([200, JSON.stringify(unpaid)]);
  expect(Seed001Seen.parse(body)).toEqual(body);
  expect(gateway.calls).toEqual([
    ['invoices.held', { provider: 'telegram', ref: 'invoice-JJD0EOPJ' }],
  ]);
});

test('paid, and by whom', async () => {
  gateway.heldIs(aPaidTelegramInvoice);
  const paid = { ...unpaid.invoice, status: 'paid', paidBy: '123456789' };
  expect(await ask()).toEqual({ status: 'success', invoice: paid });
});

test('paid at the BBP bot, which does not always say by whom', async () => {
  const [payment] = aPaidTelegramInvoice.payments;
  const payments = payment ? [{ ...payment, payer: null }] : [];
  gateway.heldIs({ ...aPointsInvoice, status: 'paid', payments });
  const paid = { ...unpaid.invoice, status: 'paid', paidBy: null };
  expect(await ask()).toEqual({ status: 'success', invoice: paid });
});

test('money that came after the end is seen, too', async () => {
  gateway.heldIs({ ...aPaidTelegramInvoice, status: 'expired' });
  expect(await ask()).toMatchObject({ invoice: { status: 'expired', paidBy: '123456789' } });
});

test('a PIN may come as a number', async () => {
  const body = '{"invoiceId":"invoice-JJD0EOPJ","pin":481516}';
  expect((await gateway.post(path, body)).status).toBe(200);
});

test('of every state there is a word', async () => {
  const words: Record<string, string[]> = {
    unpaid: ['draft', 'creating', 'pending', 'processing', 'partially_paid'],
    paid: ['paid', 'partially_refunded'],
    refunded: ['refunded'],
    canceled: ['canceled', 'failed', 'uncollectible'],
    expired: ['expired'],
  };
  expect(Object.values(words).flat().toSorted()).toEqual(InvoiceStatus.options.toSorted());
  for (const [word, statuses] of Object.entries(words)) {
    for (const status of InvoiceStatus.options.filter((one) => statuses.includes(one))) {
      gateway.heldIs({ ...aTelegramInvoice, status });
      expect(await ask()).toMatchObject({ invoice: { status: word } });
    }
  }
});

describe('is refused', () => {
  test.each<[Record<string, string>, number, string]>([
    [{}, 400, 'Missing required parameters: invoiceId and pin are required.'],
    [{ invoiceId: '' }, 400, 'Missing required parameters: invoiceId and pin are required.'],
    [{ pin: '481516' }, 400, 'Missing required parameters: invoiceId and pin are required.'],
    [{ ...question, invoiceId: 'invoice-00000000' }, 404, 'Invalid invoiceId. Invoice not found.'],
    [{ ...question, pin: '000000' }, 401, '❌ Incorrect pin provided.'],
    [{ ...question, pin: 'x'.repeat(65) }, 400, 'pin must be 4 to 6 characters'],
    [
      { ...question, invoiceId: 'x'.repeat(256) },
      400,
      'invoiceId must be the invoiceId of an invoice',
    ],
    [{ ...question, invoiceId: 'a\0' }, 400, 'invoiceId must be valid Unicode text without NUL'],
  ])('%j: %i', async (parameters, expected, msg) => {
    for (const send of [sendGet, sendJson]) {
      const { status, body } = await send(gateway, path, parameters);
      expect([status, body]).toEqual([expected, { status: 'error', msg }]);
    }
    expect(gateway.calls).toEqual([]);
  });
});

test('what the core cannot say now is said so', async () => {
  gateway.failWith(new DomainError('unavailable', 'Not now', { retryAfterMs: 2500 }));
  const { status, headers, body } = await sendGet(gateway, path, question);
  expect([status, headers.get('retry-after'), body]).toEqual([
    503,
    '3',
    { status: 'error', msg: 'Not now' },
  ]);
});
