import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startReceiver, webhookSecret } from '../start-receiver.ts';
import { startSandbox } from '../start-sandbox.ts';
import { temporaryFolder, type TemporaryFolder } from '../temporary-folder.ts';

/** A sandbox's state in which a customer has what customers do not have. */
const brokenState = (): TemporaryFolder => {
  const folder = temporaryFolder();
  const customer = {
    id: 'cus_1',
    object: 'customer',
    favourite_color: 'red',
    invoice_settings: {},
    metadata: {},
  };
  writeFileSync(
    join(folder.path, 'sandbox.jsonl'),
    `${JSON.stringify([['stripe.customers', 'cus_1', customer]])}\n`,
  );
  return folder;
};

test('a sandbox that answered what Stripe would not answer fails the test that closes it', async () => {
  using folder = brokenState();
  const started = await startSandbox({ env: { DATA_DIR: folder.path } });
  await started.stripe.customers.retrieve('cus_1');
  await expect(started.close()).rejects.toThrow(
    'GET /v1/customers/cus_1 answered 200: customer: expected no field favourite_color, which Stripe does not have, got "red"',
  );
});

test('and so does one that sent a webhook that Stripe would not send', async () => {
  using folder = brokenState();
  await using receiver = await startReceiver();
  const started = await startSandbox({ env: { DATA_DIR: folder.path } });
  started.sandbox.ensureStripeWebhookEndpoint({ url: receiver.url, secret: webhookSecret });
  await started.stripe.customers.update('cus_1', { name: 'Ada' });
  await receiver.arrived(1);
  await expect(started.close()).rejects.toThrow(
    'webhook: event:customer.updated/data/object: expected no field favourite_color',
  );
});
