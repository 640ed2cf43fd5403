import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePackage } from '@quittance/workspace/bundle';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { type RunningServices, sourceProgram, startServices } from './services.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const services = [
  'gateway',
  'invoice-core',
  'stripe-adapter',
  'bitsby-adapter',
  'telegram-adapter',
  'sandbox',
] as const;

let folder: string;
let hub: RunningServices | undefined;

beforeAll(async () => {
  // Inside the repository, so that the bundles find the native package that they leave out.
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(join(cache, 'quittance-bundles-'));
  await Promise.all(
    services.map((name) =>
      bundlePackage(dirname(dirname(sourceProgram(name))), join(folder, name)),
    ),
  );
  const config = loadConfig({
    PORT: '0',
    SANDBOX_PORT: '0',
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'error',
  });
  hub = await startServices(config, process.env, (name) => join(folder, name, 'main.mjs'));
}, 60_000);

afterAll(async () => {
  await hub?.close();
  await rm(folder, { recursive: true });
}, 60_000);

test('the bundles of all services make an invoice together', async () => {
  const response = await fetch(`${hub?.gatewayUrl}/v1/invoice/create`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${hub?.demo?.apiKey}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      provider: 'stripe',
      item_type: 'flight',
      item_id: 1,
      final_amount: 20.5,
      currency: 'usd',
    }),
  });
  expect(await response.json()).toMatchObject({
    success: true,
    data: { invoice: { status: 'pending', finalAmount: 20.5, currency: 'USD' } },
  });
});
