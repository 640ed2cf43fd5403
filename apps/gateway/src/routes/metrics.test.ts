import { DomainError } from '@quittance/rpc';
import { expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { loadConfig } from '../config.ts';
import { createCoreUnderTest, metrics } from '../core-under-test.ts';
import { openGateway } from '../gateway-under-test.ts';
import { silentLogger } from '@quittance/runtime';

const metricsToken = 'a-token-of-some-length';

const open = () => {
  const { core, calls } = createCoreUnderTest();
  const app = createApp({
    core,
    log: silentLogger,
    bodyLimitBytes: 4096,
    metricsToken,
    publicUrl: undefined,
    trustProxy: false,
    qrUrl: undefined,
  });
  return { app, calls };
};

test.each(['Bearer', 'bearer'])('with %s and the token, as Prometheus reads it', async (scheme) => {
  const { app } = open();
  const headers = { authorization: `${scheme} ${metricsToken}` };
  const response = await app.request('/metrics', { headers });
  expect([response.status, await response.text()]).toEqual([200, metrics]);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
});

test.each([
  undefined,
  '',
  metricsToken,
  'Bearer',
  `Bearer ${metricsToken}x`,
  `Bearer ${metricsToken.slice(1)}`,
  `Basic ${metricsToken}`,
  'Bearer qk_all',
])('%s is not it', async (authorization) => {
  const { app, calls } = open();
  const response = await app.request(
    '/metrics',
    authorization ? { headers: { authorization } } : {},
  );
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  expect(await response.json()).toMatchObject({ code: 'unauthenticated' });
  expect(calls).toEqual([]);
});

test('without the setting there is none', async () => {
  const gateway = openGateway();
  for (const authorization of ['Bearer undefined', 'Bearer ', '', 'Bearer qk_all']) {
    const answer = await gateway.send('GET /metrics', { headers: { authorization } });
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  }
  expect(gateway.calls).toEqual([]);
});

test('a core that cannot serve, and other methods', async () => {
  const gateway = openGateway({ metricsToken });
  const headers = { authorization: `Bearer ${metricsToken}` };
  gateway.failWith(new DomainError('unavailable', 'The database does not answer'));
  expect((await gateway.send('GET /metrics', { headers })).status).toBe(503);
  expect((await gateway.send('POST /metrics', { headers })).status).toBe(405);
});

test('the token is 16 characters at least', () => {
  const env = { CORE_URL: 'http://core', SERVICE_TOKEN: 'x'.repeat(16) };
  expect(loadConfig({ ...env, METRICS_TOKEN: '' }).METRICS_TOKEN).toBeUndefined();
  expect(() => loadConfig({ ...env, METRICS_TOKEN: 'x'.repeat(15) })).toThrow(/METRICS_TOKEN/);
  expect(loadConfig({ ...env, METRICS_TOKEN: metricsToken }).METRICS_TOKEN).toBe(metricsToken);
});
