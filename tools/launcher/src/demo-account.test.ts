import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIdentities, openSqliteStore } from '@quittance/invoice-core/app';
import { systemClock } from '@quittance/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { demoCredentialsFile, writeDemoCredentials } from './demo-credentials.ts';
import { startHub } from './hub.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'quittance-demo-account-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

/** What a hub over the folder says its credentials are, and how it answers those who use a key. */
const started = async (key?: string) => {
  const settings = { DATA_DIR: dataDir, PORT: '0', SANDBOX_PORT: '0', LOG_LEVEL: 'error' };
  const hub = await startHub(loadConfig(settings));
  try {
    const { demo } = hub;
    if (!demo) throw new Error('The hub made no demo account');
    const statusOf = async (path: string): Promise<number> => {
      const headers = { authorization: `Bearer ${key ?? demo.apiKey}` };
      return (await fetch(`${demo.gatewayUrl}${path}`, { headers })).status;
    };
    const [events, endpoints] = [
      await statusOf('/v1/events'),
      await statusOf('/v1/webhook-endpoints'),
    ];
    return { demo, events, endpoints };
  } finally {
    await hub.close();
  }
};

test('the key opens invoices and webhooks, and stays the same', async () => {
  const first = await started();
  expect(first).toMatchObject({ events: 200, endpoints: 200 });
  expect((await stat(demoCredentialsFile(dataDir))).mode % 0o1000).toBe(0o600);
  const { demo } = await started();
  expect(demo.apiKey).toBe(first.demo.apiKey);
  expect(demo.adminKey).toBe(first.demo.adminKey);
});

test('a key of a hub that knew no webhooks is replaced, and goes on opening what it did', async () => {
  const { demo } = await started();
  const store = await openSqliteStore(join(dataDir, 'quittance.db'));
  const { secret: old } = await createIdentities({ store, clock: systemClock }).createApiKey({
    userId: demo.userId,
    scopes: ['invoices:read', 'invoices:write'],
  });
  await store.close();
  await writeDemoCredentials(dataDir, { ...demo, apiKey: old });

  const again = await started();
  expect(again.demo.apiKey).not.toBe(old);
  expect(again).toMatchObject({ events: 200, endpoints: 200 });
  expect(await started(old)).toMatchObject({ events: 200, endpoints: 403 });
});
