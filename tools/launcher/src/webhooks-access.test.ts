import { join } from 'node:path';
import { CanonicalDeliveryPage, CanonicalEndpoints } from '@quittance/contracts/canonical';
import { createIdentities, openSqliteStore } from '@quittance/invoice-core/app';
import { systemClock } from '@quittance/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountScopes } from './account-scopes.ts';
import { everyLauncher, type HubUnderTest, openHub } from './hub-under-test.ts';
import { type Ask, askOf, newInvoice, openEndpoint } from './webhooks-under-test.ts';

const metricsToken = 'token-of-the-metrics';

describe.each(everyLauncher)('who may see webhooks, the hub %s', { timeout: 30_000 }, (how) => {
  let hub: HubUnderTest;
  let ask: Ask;
  beforeAll(async () => {
    hub = await openHub(how, { METRICS_TOKEN: metricsToken });
    ask = askOf(hub);
  }, 30_000);
  afterAll(() => hub[Symbol.asyncDispose]());

  test('another account sees nothing of it, and is told nothing', async () => {
    await using endpoint = await openEndpoint(ask);
    await newInvoice(ask);
    await endpoint.receiver.told('invoice.opened');
    const { body: page } = await ask('GET', `/v1/deliveries?endpointId=${endpoint.id}`);
    const [delivery] = CanonicalDeliveryPage.parse(page).data;
    const before = endpoint.receiver.received.length;

    const store = await openSqliteStore(join(hub.dataDir, 'quittance.db'));
    const identities = createIdentities({ store, clock: systemClock });
    const { id: accountId } = await identities.createAccount({ name: 'Other' });
    const user = await identities.createUser({ accountId, name: 'Eve', email: null });
    const scopes = [...accountScopes];
    const { secret } = await identities.createApiKey({ userId: user.id, scopes });
    await store.close();
    const stranger = askOf(hub, { authorization: `Bearer ${secret}` });

    const id = `/v1/webhook-endpoints/${endpoint.id}`;
    for (const [method, path, body] of [
      ['GET', id],
      ['PATCH', id, { enabled: false }],
      ['DELETE', id],
      ['POST', `${id}/rotate-secret`],
      ['POST', `${id}/test`],
      ['POST', `${id}/replay`, { failed: true }],
      ['GET', `/v1/deliveries?endpointId=${endpoint.id}`],
      ['GET', `/v1/deliveries/${delivery?.id}`],
      ['GET', `/v1/deliveries/${delivery?.id}/attempts`],
      ['POST', `/v1/deliveries/${delivery?.id}/replay`],
      ['GET', `/v1/events/${delivery?.position}/message`],
    ] as const) {
      expect([method, path, (await stranger(method, path, body)).status]).toEqual([
        method,
        path,
        404,
      ]);
    }
    const listed = await stranger('GET', '/v1/webhook-endpoints');
    expect(CanonicalEndpoints.parse(listed.body)).toEqual({ data: [] });
    const sent = await stranger('GET', '/v1/deliveries');
    expect(CanonicalDeliveryPage.parse(sent.body).data).toEqual([]);

    await using others = await openEndpoint(stranger);
    await newInvoice(stranger);
    await others.receiver.told('invoice.opened');
    expect(endpoint.receiver.received).toHaveLength(before);
  });

  test('a key without the scopes is forbidden', async () => {
    const { secret } = await hub.newKey(['invoices:read', 'invoices:write']);
    const poor = askOf(hub, { authorization: `Bearer ${secret}` });
    expect((await poor('GET', '/v1/webhook-endpoints')).status).toBe(403);
    const terms = { url: 'http://localhost:4000/hook' };
    expect((await poor('POST', '/v1/webhook-endpoints', terms)).status).toBe(403);
    expect((await poor('GET', '/v1/deliveries')).status).toBe(403);
  });

  test('the metrics count, for who has the token', async () => {
    const metrics = (token: string) =>
      fetch(`${hub.demo.gatewayUrl}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    expect((await metrics('wrong')).status).toBe(401);
    expect((await metrics(hub.demo.apiKey)).status).toBe(401);
    const valueOf = async (name: string): Promise<number> => {
      const text = await (await metrics(metricsToken)).text();
      const line = text.split('\n').find((one) => one.startsWith(`${name} `));
      return Number(line?.split(' ')[1]);
    };
    const succeeded = 'quittance_delivery_attempts_total{result="succeeded"}';
    const rejected = 'quittance_delivery_attempts_total{result="rejected"}';
    const before = await valueOf(succeeded);
    await using endpoint = await openEndpoint(ask);
    await using failing = await openEndpoint(ask);
    failing.receiver.answerWith(() => ({ status: 500 }));
    await newInvoice(ask);
    await expect.poll(() => valueOf(succeeded), { timeout: 10_000 }).toBe(before + 2);
    await expect.poll(() => valueOf(rejected), { timeout: 10_000 }).toBe(2);
    expect(await valueOf('quittance_deliveries_pending')).toBe(2);
    expect(await valueOf('quittance_delivery_oldest_pending_seconds')).toBeGreaterThan(0);
    expect(await valueOf('quittance_delivery_attempt_seconds_count')).toBe(before + 4);
    expect(endpoint.receiver.problems).toEqual([]);
  });
});
