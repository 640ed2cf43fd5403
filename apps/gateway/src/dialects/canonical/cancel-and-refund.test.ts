import {
  CanonicalProblem,
  CanonicalRefunded,
  toCanonicalInvoice,
} from '@quittance/contracts/canonical';
import { beforeEach, expect, test } from 'vitest';
import { caller } from '../../core-under-test.ts';
import { anInvoice } from '../../domain-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';

const id = anInvoice.publicId;
const cancel = `/v1/invoices/${id}/cancel`;
const refunds = `/v1/invoices/${id}/refunds`;

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

test('a cancel, with a key and without, with an empty body and with none', async () => {
  const { status, body } = await gateway.send(`POST ${cancel}`, {
    headers: { 'idempotency-key': 'k' },
  });
  expect(status).toBe(200);
  expect(body).toEqual(toCanonicalInvoice(anInvoice));
  expect((await gateway.post('/v1/invoices/12/cancel', {})).status).toBe(200);
  expect(gateway.calls).toEqual([
    ['invoices.cancel', { caller, id, idempotencyKey: 'k' }],
    ['invoices.cancel', { caller, id: 12, idempotencyKey: null }],
  ]);
});

test('a refund of a part', async () => {
  const asked = { amount: 1000, reason: 'Paid twice' };
  const { status, body } = await gateway.post(refunds, asked, { 'idempotency-key': 'k' });
  expect(status).toBe(201);
  expect(CanonicalRefunded.strict().parse(body)).toEqual(body);
  expect(body).toEqual({
    refund: {
      id: 5,
      state: 'pending',
      amount: 1000,
      reason: 'Paid twice',
      providerRef: 're_1',
      message: null,
      madeAt: '2026-01-03T00:00:00.000Z',
      settledAt: null,
    },
    invoice: toCanonicalInvoice(anInvoice),
  });
  expect(gateway.calls).toEqual([
    ['invoices.refund', { caller, id, idempotencyKey: 'k', ...asked }],
  ]);
});

test.each([undefined, '{}', '{"amount":null,"reason":null}'])(
  'a refund of all that is left: %s',
  async (body) => {
    const answer =
      body === undefined
        ? await gateway.send(`POST ${refunds}`)
        : await gateway.post(refunds, body);
    expect(answer.status).toBe(201);
    expect(gateway.calls).toEqual([
      ['invoices.refund', { caller, id, idempotencyKey: null, amount: null, reason: null }],
    ]);
  },
);

test.each<[string, string, unknown, number, string | undefined]>([
  ['nothing back', refunds, { amount: 0 }, 400, 'amount'],
  ['less than nothing', refunds, { amount: -1 }, 400, 'amount'],
  ['a fraction', refunds, { amount: 0.5 }, 400, 'amount'],
  ['a hidden fraction', refunds, '{"amount":1.00000000000000000001}', 400, 'amount'],
  ['an amount as text', refunds, { amount: '1' }, 400, 'amount'],
  ['a long reason', refunds, { reason: 'x'.repeat(256) }, 400, 'reason'],
  ['a currency', refunds, { currency: 'USD' }, 400, 'currency'],
  ['no object', refunds, '[]', 400, undefined],
  ['no JSON', refunds, '{', 400, undefined],
  ['a query', `${refunds}?amount=1`, {}, 400, 'amount'],
  ['a cancel with a reason', cancel, { reason: 'x' }, 400, 'reason'],
  ['a cancel with a query', `${cancel}?force=1`, {}, 400, 'force'],
  ['a cancel that is no object', cancel, 'null', 400, undefined],
])('%s is refused', async (_title, path, sent, expected, param) => {
  const { status, body } = await gateway.post(path, sent);
  expect(status).toBe(expected);
  expect(CanonicalProblem.parse(body).code).toBe('invalid_request');
  expect(CanonicalProblem.parse(body).param).toBe(param);
  expect(gateway.calls).toEqual([]);
});

test.each([cancel, refunds])('%s with a body that is not JSON is 415', async (path) => {
  const answer = await gateway.post(path, 'amount=1', { 'content-type': 'text/plain' });
  expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  expect(gateway.calls).toEqual([]);
});
