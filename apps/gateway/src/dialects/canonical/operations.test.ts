import type { ProviderAct } from '@quittance/contracts';
import {
  CanonicalInvoice,
  CanonicalProblem,
  toCanonicalInvoice,
} from '@quittance/contracts/canonical';
import { DomainError } from '@quittance/rpc';
import { beforeEach, expect, test } from 'vitest';
import { caller } from '../../core-under-test.ts';
import { aStripeInvoice } from '../../domain-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';

const id = aStripeInvoice.publicId;

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

const pay = { kind: 'pay', paymentMethod: null, outOfBand: false } as const;
const operations: [name: string, act: ProviderAct][] = [
  ['finalize', { kind: 'finalize' }],
  ['pay', pay],
  ['send', { kind: 'send' }],
  ['void', { kind: 'void' }],
  ['mark-uncollectible', { kind: 'mark_uncollectible' }],
];

test.each(operations)('%s, with a key and without, an empty body and none', async (name, act) => {
  const { status, body } = await gateway.send(`POST /v1/invoices/${id}/${name}`, {
    headers: { 'idempotency-key': 'k' },
  });
  expect(status).toBe(200);
  expect(CanonicalInvoice.strict().parse(body)).toEqual(toCanonicalInvoice(aStripeInvoice));
  expect((await gateway.post(`/v1/invoices/13/${name}`, {})).status).toBe(200);
  expect(gateway.calls).toEqual([
    ['invoices.operate', { caller, id, idempotencyKey: 'k', act }],
    ['invoices.operate', { caller, id: 13, idempotencyKey: null, act }],
  ]);
});

test.each([
  [{ paymentMethod: 'pm_1' }, { ...pay, paymentMethod: 'pm_1' }],
  [
    { paymentMethod: 'pm_1', outOfBand: false },
    { ...pay, paymentMethod: 'pm_1' },
  ],
  [
    { outOfBand: true, paymentMethod: null },
    { ...pay, outOfBand: true },
  ],
  [{ outOfBand: null }, pay],
])('paid as %j', async (body, act) => {
  expect((await gateway.post(`/v1/invoices/${id}/pay`, body)).status).toBe(200);
  expect(gateway.calls).toMatchObject([['invoices.operate', { act }]]);
});

test.each<[string, unknown, string | undefined]>([
  ['pay', { paymentMethod: '' }, 'paymentMethod'],
  ['pay', { paymentMethod: 1 }, 'paymentMethod'],
  ['pay', { outOfBand: 'true' }, 'outOfBand'],
  ['pay', { outOfBand: true, paymentMethod: 'pm_1' }, 'outOfBand'],
  ['pay', { amount: 1 }, 'amount'],
  ['pay?amount=1', {}, 'amount'],
  ['pay', [], undefined],
  ['finalize', { draft: false }, 'draft'],
  ['send', { to: 'ada@example.com' }, 'to'],
  ['void', { reason: 'x' }, 'reason'],
  ['void?force=1', {}, 'force'],
  ['mark-uncollectible', 'null', undefined],
])('%s with %j is refused', async (name, sent, param) => {
  const { status, body } = await gateway.post(`/v1/invoices/${id}/${name}`, sent);
  expect([status, gateway.calls]).toEqual([400, []]);
  expect(CanonicalProblem.parse(body)).toMatchObject({ code: 'invalid_request' });
  expect(CanonicalProblem.parse(body).param).toBe(param);
});

test.each(operations)('%s with a body that is not JSON is 415', async (name) => {
  const answer = await gateway.post(`/v1/invoices/${id}/${name}`, 'a=1', {
    'content-type': 'application/x-www-form-urlencoded',
  });
  expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
});

test('what cannot be done to it as it stands is a conflict, with what the provider said of it', async () => {
  const refusal = { status: 400, code: 'invoice_not_editable', param: null };
  gateway.failWith(new DomainError('conflict', 'This invoice is not a draft.', { refusal }));
  expect(await gateway.post(`/v1/invoices/${id}/finalize`, {})).toMatchObject({
    status: 409,
    body: { code: 'conflict', title: 'This invoice is not a draft.', providerError: refusal },
  });
});
