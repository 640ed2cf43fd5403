import { join } from 'node:path';
import { CanonicalInvoice } from '@quittance/contracts/canonical';
import { createIdentities, openSqliteStore } from '@quittance/invoice-core/app';
import { systemClock } from '@quittance/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HubUnderTest, openHub } from './hub-under-test.ts';

let hub: HubUnderTest;
let stranger: { authorization: string };
let invoice: CanonicalInvoice;

beforeAll(async () => {
  hub = await openHub('in one process');
  const store = await openSqliteStore(join(hub.dataDir, 'quittance.db'));
  const identities = createIdentities({ store, clock: systemClock });
  const { id: accountId } = await identities.createAccount({ name: 'Other' });
  const user = await identities.createUser({ accountId, name: 'Eve', email: null });
  const { secret } = await identities.createApiKey({
    userId: user.id,
    scopes: ['invoices:read', 'invoices:write'],
  });
  await store.close();
  stranger = { authorization: `Bearer ${secret}` };

  const body = {
    provider: 'stripe',
    amount: 2050,
    currency: 'USD',
    description: 'a secret flight',
  };
  const created = await hub.call('/v1/invoices', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  invoice = CanonicalInvoice.parse(created.body);
});

afterAll(() => hub[Symbol.asyncDispose]());

/** What tells one refusal from another: all of it but the ids of the request. */
const withoutIds = (body: unknown, id: string): string =>
  JSON.stringify(body)
    .replaceAll(id, 'ID')
    .replaceAll(/req_[\w-]+/g, 'REQUEST');

test.each([
  ['GET', '/v1/invoices/:id'],
  ['GET', '/v1/invoices/:id?at=2030-01-01T00:00:00Z'],
  ['GET', '/v1/invoices/:id/events'],
  ['GET', '/v1/invoices/:id/explain'],
  ['POST', '/v1/invoices/:id/cancel'],
  ['POST', '/v1/invoices/:id/refunds'],
  ['GET', '/v1/invoice/:id'],
  ['GET', '/v1/invoice/:id/events'],
])("%s %s with another account's id is 404, as for an id of nobody", async (method, route) => {
  const ask = async (id: string) => {
    const answer = await hub.call(route.replace(':id', id), { method, headers: stranger });
    return { status: answer.status, body: withoutIds(answer.body, id) };
  };
  const number = String(invoice.number);
  const others = await ask(number);
  expect(others.status).toBe(404);
  expect(others).toEqual(await ask('999999'));
  expect((await ask(invoice.id)).status).toBe(404);
});

test.each([
  '/v1/invoices',
  '/v1/invoices?q=secret',
  '/v1/invoices?status=pending&provider=stripe',
  '/v1/invoices?minAmount=1',
])('%s shows nothing of another account', async (path) => {
  const { body } = await hub.call(path, { headers: stranger });
  expect(body).toEqual({ data: [], next: null });
  expect(await hub.call(path)).toMatchObject({ body: { data: [{ id: invoice.id }] } });
});

test('the feed of events shows nothing of another account', async () => {
  const { body } = await hub.call('/v1/events', { headers: stranger });
  expect(body).toEqual({ data: [], next: 0 });
  expect(await hub.call('/v1/events')).toMatchObject({
    body: { data: [{ type: 'invoice.created' }, { type: 'invoice.opened' }] },
  });
});
