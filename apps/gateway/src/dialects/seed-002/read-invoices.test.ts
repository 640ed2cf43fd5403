import { readFileSync } from 'node:fs';
import { type Invoice, InvoiceStatus } from '@quittance/contracts';
import { Seed002Invoice, Seed002Page } from '@quittance/contracts/seed-002';
import { DomainError } from '@quittance/rpc';
import { beforeEach, describe, expect, test } from 'vitest';
import { anOwnedInvoice, aStripeInvoice } from '../../domain-under-test.ts';
import { type GatewayUnderTest, openGateway } from '../../gateway-under-test.ts';
import { toSeed002Invoice } from './from-core.ts';

const path = '/admin/api/invoices';
const flow = 'stripe.invoice';
const seedsPage = Seed002Page.parse(
  JSON.parse(readFileSync(new URL('fixtures/page.json', import.meta.url), 'utf8')),
);
const [seedsInvoice] = seedsPage.invoices;
const ids = { publicId: aStripeInvoice.publicId, ref: 'in_1O9UOhA0ZUrt0vQJoum7M20X' };

let gateway: GatewayUnderTest;
beforeEach(() => {
  gateway = openGateway();
});

const get = (target: string) =>
  gateway.send(`GET ${target}`, { headers: { 'api-key': 'qk_admin', authorization: '' } });

const everybodyHas = (change: Partial<Invoice>) => {
  gateway.everybodyHas({ ...anOwnedInvoice, invoice: { ...aStripeInvoice, ...change } });
};

/** The invoice of the seed's example, as the core has it. */
const ofTheSeed: Partial<Invoice> = {
  status: 'paid',
  providerRef: ids.ref,
  providerData: JSON.stringify({ id: ids.ref, invoice_pdf: seedsInvoice?.invoicePdf }),
};

test("the seed's own page, to the letter", async () => {
  everybodyHas(ofTheSeed);
  const { status, body } = await get(`${path}?page=1&limit=5`);
  expect(status).toBe(200);
  expect(JSON.stringify(body)).toBe(JSON.stringify(seedsPage));
  expect(gateway.calls).toEqual([['everywhere.list', { flow, filter: {}, page: 1, limit: 5 }]]);
});

test("the seed's own invoice, to the letter, by either id and whatever the query", async () => {
  everybodyHas(ofTheSeed);
  for (const id of Object.values(ids)) {
    for (const query of ['', '?page=1&limit=5', '?page=0&limit=abc&page=x', '?limit=1000000']) {
      const { status, body } = await get(`${path}/${id}${query}`);
      expect([status, JSON.stringify(body)]).toEqual([200, JSON.stringify(seedsInvoice)]);
    }
  }
  const byPublicId = { flow, id: { by: 'publicId', publicId: ids.publicId } };
  const byRef = { flow, id: { by: 'providerRef', ref: ids.ref } };
  expect(gateway.calls.map(([, input]) => input)).toEqual([
    ...Array.from({ length: 4 }, () => byPublicId),
    ...Array.from({ length: 4 }, () => byRef),
  ]);
});

test('a draft has no PDF', async () => {
  for (const providerData of ['{"id":"in_1","invoice_pdf":null}', '{"id":"in_1"}', null]) {
    everybodyHas({ status: 'draft', providerData });
    const { body } = await get(`${path}/in_1`);
    expect(Seed002Invoice.strict().parse(body)).toMatchObject({
      status: 'draft',
      invoicePdf: null,
    });
  }
});

test('one that Stripe does not have can only be a mistake', () => {
  const invoice = { ...aStripeInvoice, providerRef: null };
  expect(() => toSeed002Invoice({ ...anOwnedInvoice, invoice })).toThrow(TypeError);
});

test('the first page of five, where nothing is said', async () => {
  await get(path);
  await get(`${path}?limit=100&page=1000000`);
  expect(gateway.calls).toEqual([
    ['everywhere.list', { flow, filter: {}, page: 1, limit: 5 }],
    ['everywhere.list', { flow, filter: {}, page: 1_000_000, limit: 100 }],
  ]);
});

describe('the status', () => {
  const words: [word: string, stands: InvoiceStatus[]][] = [
    ['draft', ['draft', 'creating']],
    ['open', ['pending', 'processing', 'partially_paid']],
    ['paid', ['paid', 'partially_refunded', 'refunded']],
    ['void', ['expired', 'canceled', 'failed']],
    ['uncollectible', ['uncollectible']],
  ];

  test.each(words)('%s', async (word, stands) => {
    await get(`${path}?status=${word}`);
    expect(gateway.calls).toEqual([
      ['everywhere.list', { flow, filter: { statuses: stands }, page: 1, limit: 5 }],
    ]);
    for (const status of stands) {
      everybodyHas({ status });
      expect((await get(`${path}/in_1`)).body).toMatchObject({ status: word });
    }
  });

  test('every one of ours has a word', () => {
    const all = words.flatMap(([, stands]) => stands);
    expect(all.toSorted()).toEqual(InvoiceStatus.options.toSorted());
  });
});

test('every filter', async () => {
  const user = '6548a41138406c14db33b606';
  const query = new URLSearchParams({ user, from: '2026-01-01', to: '2026-02-01T01:00:00+01:00' });
  await get(`${path}?${query.toString()}`);
  const filter = {
    userPublicId: user,
    createdFrom: '2026-01-01T00:00:00.000Z',
    createdTo: '2026-02-01T00:00:00.000Z',
  };
  expect(gateway.calls).toEqual([['everywhere.list', { flow, filter, page: 1, limit: 5 }]]);
  expect((await get(`${path}?from=2026-01-01&to=2026-01-01`)).status).toBe(200);
});

test.each([
  ['page=0', 'page'],
  ['page=-1', 'page'],
  ['page=', 'page'],
  ['page=1.5', 'page'],
  ['page=1000001', 'page'],
  ['page=1&page=2', 'page'],
  ['limit=0', 'limit'],
  ['limit=101', 'limit'],
  ['limit=1000000', 'limit'],
  ['limit=abc', 'limit'],
  ['limit=5&limit=5', 'limit'],
  ['limit=%205', 'limit'],
  ['limit[]=5', 'limit[]'],
  ['status=pending', 'status'],
  ['status=', 'status'],
  ['user=1', 'user'],
  ['user=6548A41138406C14DB33B606', 'user'],
  ['from=yesterday', 'from'],
  ['from=2026-02-30', 'from'],
  ['to=1770000000', 'to'],
  ['from=2026-02-01&to=2026-01-31', 'to'],
  ['sort=asc', 'sort'],
])('?%s is refused, naming %s', async (query, param) => {
  const { status, headers, body } = await get(`${path}?${query}`);
  expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
  expect(body).toEqual({
    type: 'about:blank',
    title: expect.stringMatching(/\w \w/),
    status: 400,
    code: 'invalid_request',
    param,
    requestId: headers.get('x-request-id'),
  });
  expect(gateway.calls).toEqual([]);
});

test.each([
  '12',
  'x',
  '65490130FF600E06AF2A9694',
  '65490130ff600e06af2a96940',
  'pi_1',
  'in_',
  'in_%00',
  `in_${'x'.repeat(251)}`,
])('%s can be no invoice', async (id) => {
  const { status, headers, body } = await get(`${path}/${id}`);
  expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  expect(body).toMatchObject({ code: 'not_found', title: expect.stringContaining('No invoice') });
  expect(gateway.calls).toEqual([]);
});

test('an invoice that there is not', async () => {
  gateway.failWith(new DomainError('not_found', 'No invoice in_1'));
  expect(await get(`${path}/in_1`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
});
