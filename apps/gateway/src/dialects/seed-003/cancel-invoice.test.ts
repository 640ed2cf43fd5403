import { Seed003Canceled, Seed003Error } from '@quittance/contracts/seed-003';
import { DomainError } from '@quittance/rpc';
import { beforeEach, expect, test } from 'vitest';
import { caller } from '../../core-under-test.ts';
import { aBitsbyInvoice } from '../../domain-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';
import { bodies, sendBody, sendForm } from './forms-under-test.ts';

const path = '/invoices/cancel';
const invoiceId = 'ade9550d-3dc7-4fd3-b94e-3b4c12aaaa0c';

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
  gateway.canceledAs({ ...aBitsbyInvoice, status: 'canceled' });
});

test.each(bodies)("cancels by Bitsby's id, in any case, by %s", async (type, bodyOf) => {
  const { status, body } = await sendBody(
    gateway,
    path,
    bodyOf({ invoiceId: invoiceId.toUpperCase() }),
    { 'content-type': type, 'idempotency-key': 'k' },
  );
  expect([status, body]).toEqual([200, { result: 'success', data: 'Invoice canceled' }]);
  expect(Seed003Canceled.strict().parse(body)).toEqual(body);
  const page = { offset: 0, limit: 1 };
  expect(gateway.calls).toEqual([
    [
      'invoices.listFlow',
      { caller, flow: 'bitsby.invoice', filter: { refs: [invoiceId] }, ...page },
    ],
    ['invoices.cancel', { caller, id: aBitsbyInvoice.publicId, idempotencyKey: 'k' }],
  ]);
});

test("one that the account does not have, which may be another account's, is not found", async () => {
  gateway.providerHas([]);
  const { status, body } = await sendForm(gateway, path, { invoiceId });
  expect([status, body]).toEqual([404, { result: 'error', data: 'invoiceId is not found' }]);
  expect(gateway.calls).toHaveLength(1);
});

test.each(['expired', 'paid'] as const)(
  'one that is %s since is not called canceled',
  async (status) => {
    gateway.canceledAs({ ...aBitsbyInvoice, status });
    const answer = await sendForm(gateway, path, { invoiceId });
    const text = `The invoice is ${status}`;
    expect([answer.status, answer.body]).toEqual([409, { result: 'error', data: text }]);
  },
);

test('what cannot be canceled is told why', async () => {
  gateway.failWith(new DomainError('conflict', 'Invoice 14 is paid'));
  const { status, body } = await sendForm(gateway, path, { invoiceId });
  expect([status, body]).toEqual([409, { result: 'error', data: 'Invoice 14 is paid' }]);
});

test.each<[Record<string, string>, string]>([
  [{}, 'invoiceId must be a UUID'],
  [{ invoiceId: 'MXNj4m8HhcM4' }, 'invoiceId must be a UUID'],
  [{ invoiceId, status: 'paid' }, 'status is not known here'],
])('%j is refused: %s', async (fields, data) => {
  const { status, body } = await sendForm(gateway, path, fields);
  expect([status, Seed003Error.strict().parse(body).data]).toEqual([400, data]);
  expect(gateway.calls).toEqual([]);
});
