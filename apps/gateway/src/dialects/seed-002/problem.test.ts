import { DomainError } from '@quittance/rpc';
import { beforeEach, describe, expect, test } from 'vitest';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';

const order = { items: [{ name: 'x', amount: 3300 }], customer: 'cus_1', currency: 'eur' };

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

const create = (body: unknown) =>
  gateway.post('/admin/api/invoices', body, { 'api-key': 'qk_admin' });

describe("Stripe's refusal is passed on", () => {
  const refuse = (status: number, code: string | null, param: string | null) => {
    const refusal = { status, code, param };
    gateway.failWith(new DomainError('provider_refused', 'Stripe says why', { refusal }));
    return create(order);
  };

  test.each([
    [404, 'resource_missing', 'id', 'customer'],
    [404, 'resource_missing', 'customer', 'customer'],
    [400, 'resource_missing', 'default_payment_method', 'paymentMethod'],
    [400, 'parameter_invalid_integer', 'lines[0][amount]', 'items'],
    [400, 'invalid_request_error', 'due_date', 'dueDate'],
    [402, 'card_declined', null, undefined],
    [400, 'parameter_unknown', 'pending_invoice_items_behavior', undefined],
    [429, 'rate_limit', null, undefined],
  ])('%i %s of %s', async (status, code, param, name) => {
    const { headers, body, ...answer } = await refuse(status, code, param);
    expect([answer.status, headers.get('content-type')]).toEqual([
      status,
      'application/problem+json',
    ]);
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Stripe says why',
      status,
      code,
      ...(name !== undefined && { param: name }),
      requestId: headers.get('x-request-id'),
    });
  });

  test('also without a code', async () => {
    expect(await refuse(400, null, null)).toMatchObject({
      status: 400,
      body: { code: 'provider_refused', title: 'Stripe says why' },
    });
  });

  test.each([401, 403, 399, 500])('but %i is about this hub, and is 502', async (status) => {
    const { headers, ...answer } = await refuse(status, 'api_key_expired', 'key');
    expect(headers.get('www-authenticate')).toBeNull();
    expect(answer).toMatchObject({ status: 502, body: { code: 'provider_refused', status: 502 } });
    expect(JSON.stringify(answer.body)).not.toMatch(/Stripe says why|api_key_expired|param/);
  });
});

test.each([
  ['amount', 'items'],
  ['money.amount', 'items'],
  ['money.currency', 'currency'],
  ['options.lines', 'items'],
  ['options.lines.3', 'items.3'],
  ['options.lines.3.description', 'items.3.name'],
  ['options.lines.3.unitAmount', 'items.3.amount'],
  ['options.lines.3.quantity', 'items.3.quantity'],
  ['options.paymentMethod', 'paymentMethod'],
  ['options.due.days', 'daysUntilDue'],
  ['options.due.time', 'dueDate'],
  ['billed.customerRef', 'customer'],
  ['description', 'description'],
])("the core's %s is called %s", async (param, name) => {
  gateway.failWith(new DomainError('invalid_request', 'It is wrong', { param }));
  expect((await create(order)).body).toMatchObject({ param: name });
});
