import { type Invoice, InvoiceStatus, ListFlow } from '@quittance/contracts';
import { Seed003Error, Seed003Listed, Seed003Status } from '@quittance/contracts/seed-003';
import { beforeEach, describe, expect, test } from 'vitest';
import { caller } from '../../core-under-test.ts';
import { aBitsbyInvoice } from '../../domain-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';
import { sendBody, sendForm } from './forms-under-test.ts';

const path = '/invoices/list';
const flow = 'bitsby.invoice';
const id = 'ade9550d-3dc7-4fd3-b94e-3b4c12aaaa0c';
const projectId = '9deea1e2-0c08-41a3-bdc2-a34eada3892d';

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

const list = (fields: Record<string, string>) => sendForm(gateway, path, fields);

test('an invoice as Bitsby lists it, with our project and what the merchant sent', async () => {
  const { status, body } = await list({});
  expect(status).toBe(200);
  expect(JSON.stringify(body)).toBe(
    JSON.stringify({
      result: 'success',
      data: [
        {
          id,
          uid: 'MXNj4m8HhcM4',
          projectId,
          createDatetime: '2024-02-29 15:20:24',
          timeToPayDatetime: '2024-03-01 03:20:24',
          commissionFiatUSD: '0.10',
          amountFiatUSD: '10.00',
          amountFiat: '10.55',
          currencyFiat: 'EUR',
          description: '12 months license for BITSBY',
          serviceData: '{"userId":100,"orderId":500}',
          views: 3,
          status: 'paid',
        },
      ],
    }),
  );
  expect(Seed003Listed.strict().parse(body)).toEqual(body);
});

test('one without description, data, views and amounts in USD', async () => {
  const {
    views: _views,
    commissionFiatUSD: _c,
    amountFiatUSD: _a,
    ...object
  } = Object(JSON.parse(aBitsbyInvoice.providerData ?? ''));
  const providerData = JSON.stringify(object);
  gateway.providerHas([{ ...aBitsbyInvoice, description: null, payload: null, providerData }]);
  const [invoice] = Seed003Listed.parse((await list({})).body).data;
  expect(invoice).toMatchObject({ description: null, serviceData: null, views: 0 });
  expect(invoice).not.toHaveProperty('commissionFiatUSD');
});

test('none, and several in the order of the core', async () => {
  gateway.providerHas([]);
  expect((await list({})).body).toEqual({ result: 'success', data: [] });
  const others = [3, 1, 2].map((amount): Invoice => ({ ...aBitsbyInvoice, amount }));
  gateway.providerHas(others);
  const { data } = Seed003Listed.parse((await list({})).body);
  expect(data.map(({ amountFiat }) => amountFiat)).toEqual(['0.03', '0.01', '0.02']);
});

test.each<[InvoiceStatus, Seed003Status]>([
  ['pending', 'unpaid'],
  ['processing', 'unpaid'],
  ['partially_paid', 'unpaid'],
  ['paid', 'paid'],
  ['refunded', 'paid'],
  ['partially_refunded', 'paid'],
  ['canceled', 'canceled'],
  ['expired', 'expired'],
])('what is %s is %s', async (status, word) => {
  gateway.providerHas([{ ...aBitsbyInvoice, status }]);
  const [invoice] = Seed003Listed.parse((await list({})).body).data;
  expect(invoice?.status).toBe(word);
  await list({ status: word });
  expect(gateway.calls.at(-1)).toMatchObject([
    'invoices.listFlow',
    { filter: { statuses: expect.arrayContaining([status]) } },
  ]);
});

test('each of our statuses is asked for by one word of theirs', async () => {
  for (const status of Seed003Status.options) await list({ status });
  const asked = gateway.calls.flatMap(([, input]) => ListFlow.parse(input).filter.statuses ?? []);
  expect(asked).toHaveLength(InvoiceStatus.options.length);
  expect(new Set(asked)).toEqual(new Set(InvoiceStatus.options));
});

describe('asks the core for', () => {
  test.each<[Record<string, string>, object, { offset?: number; limit?: number }]>([
    [{}, {}, {}],
    [{ invoiceId: id.toUpperCase() }, { refs: [id] }, {}],
    [{ invoiceUid: 'MXNj4m8HhcM4' }, { refs: ['MXNj4m8HhcM4'] }, {}],
    [{ invoiceId: id, invoiceUid: 'F7nYgvxM1N92' }, { refs: [id, 'F7nYgvxM1N92'] }, {}],
    [{ projectId: projectId.toUpperCase() }, { projectId }, {}],
    [{ startDate: '2024-02-29' }, { createdFrom: '2024-02-29T00:00:00.000Z' }, {}],
    [{ endDate: '2024-02-28' }, { createdTo: '2024-02-29T00:00:00.000Z' }, {}],
    [{ endDate: '2024-12-31' }, { createdTo: '2025-01-01T00:00:00.000Z' }, {}],
    [
      { startDate: '2024-02-29', endDate: '2024-02-29' },
      { createdFrom: '2024-02-29T00:00:00.000Z', createdTo: '2024-03-01T00:00:00.000Z' },
      {},
    ],
    [{ offset: '20', limit: '100' }, {}, { offset: 20, limit: 100 }],
    [{ status: 'expired' }, { statuses: ['expired'] }, {}],
  ])('%j', async (fields, filter, page) => {
    expect((await list(fields)).status).toBe(200);
    const defaults = { offset: 0, limit: 10 };
    expect(gateway.calls).toEqual([
      ['invoices.listFlow', { caller, flow, filter, ...defaults, ...page }],
    ]);
  });

  test('the same by JSON, with numbers', async () => {
    const body = JSON.stringify({ offset: 20, limit: 1, status: null, invoiceId: null });
    await sendBody(gateway, path, body, { 'content-type': 'application/json' });
    expect(gateway.calls).toEqual([
      ['invoices.listFlow', { caller, flow, filter: {}, offset: 20, limit: 1 }],
    ]);
  });

  test('all where there is no body, as Bitsby documents it', async () => {
    expect((await sendBody(gateway, path, '')).status).toBe(200);
    expect(gateway.calls).toMatchObject([['invoices.listFlow', { filter: {}, limit: 10 }]]);
  });
});

test.each<[Record<string, string>, string]>([
  [{ invoiceId: 'MXNj4m8HhcM4' }, 'invoiceId must be a UUID'],
  [{ invoiceUid: '' }, 'invoiceUid must be a string of 1 to 255 characters'],
  [{ projectId: '1' }, 'projectId must be a UUID'],
  [{ startDate: '29.02.2024' }, 'startDate must be a date such as 2026-01-31'],
  [{ startDate: '2023-02-29' }, 'startDate must be a date such as 2026-01-31'],
  [{ endDate: '2024-02-29 10:00:00' }, 'endDate must be a date such as 2026-01-31'],
  [{ endDate: '9999-12-31' }, 'endDate must be a date such as 2026-01-31'],
  [{ startDate: '2024-03-01', endDate: '2024-02-29' }, 'endDate must not be before startDate'],
  [{ status: 'cancelled' }, 'status must be one of: unpaid, paid, canceled, expired'],
  [{ offset: '-1' }, 'offset must be an integer from 0 to 9007199254740991'],
  [{ limit: '0' }, 'limit must be an integer from 1 to 100'],
  [{ limit: '101' }, 'limit must be an integer from 1 to 100'],
  [{ limit: '1.5' }, 'limit must be an integer from 1 to 100'],
  [{ page: '1' }, 'page is not known here'],
])('%j is refused: %s', async (fields, data) => {
  const { status, body } = await list(fields);
  expect([status, Seed003Error.strict().parse(body).data]).toEqual([400, data]);
  expect(gateway.calls).toEqual([]);
});
