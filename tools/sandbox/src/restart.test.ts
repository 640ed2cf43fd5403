import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Stripe } from 'stripe';
import { expect, test } from 'vitest';
import { createManualTime } from './testing/manual-time.ts';
import { startReceiver, webhookSecret } from './testing/start-receiver.ts';
import { startSandbox } from './testing/start-sandbox.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const usd = { amount: 1000, currency: 'usd' } as const;

test('objects, idempotency keys and pending deliveries survive a restart', async () => {
  using folder = temporaryFolder();
  await using receiver = await startReceiver();
  const env = { DATA_DIR: folder.path };
  const time = createManualTime();

  const first = await startSandbox({ ...time, env });
  first.sandbox.ensureStripeWebhookEndpoint({ url: receiver.url, secret: webhookSecret });
  receiver.answerWith(() => 500);
  const intent = await first.stripe.paymentIntents.create(usd, { idempotencyKey: 'k' });
  await time.waitingFor(1_000);
  await first.close();

  receiver.answerWith(() => 200);
  await using second = await startSandbox({ ...time, env });
  expect(await second.stripe.paymentIntents.retrieve(intent.id)).toEqual(intent);
  const replayed = await second.stripe.paymentIntents.create(usd, { idempotencyKey: 'k' });
  expect(replayed).toEqual(intent);
  expect(replayed.lastResponse.headers).toHaveProperty('idempotent-replayed', 'true');

  expect(receiver.received).toHaveLength(1);
  time.advance(1_000);
  await receiver.arrived(2);
  expect(receiver.types()).toEqual(['payment_intent.created', 'payment_intent.created']);
});

const startProcess = async (dataDir: string): Promise<{ child: ChildProcess; port: number }> => {
  const child = spawn(process.execPath, [`${import.meta.dirname}/main.ts`], {
    env: { SANDBOX_PORT: '0', DATA_DIR: dataDir },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for await (const line of createInterface({ input: child.stderr })) {
    const port = /"url":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(line)?.[1];
    if (port !== undefined) return { child, port: Number(port) };
  }
  throw new Error('The process ended before it listened');
};

const client = (port: number): Stripe =>
  new Stripe('sk_test_x', { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0 });

test('kill -9 loses nothing that was answered; SIGTERM ends with 0', async () => {
  using folder = temporaryFolder();
  const first = await startProcess(folder.path);
  const intents = await Promise.all(
    Array.from({ length: 20 }, () => client(first.port).paymentIntents.create(usd)),
  );
  const killed = once(first.child, 'exit');
  first.child.kill('SIGKILL');
  await killed;

  const second = await startProcess(folder.path);
  const left = await client(second.port).paymentIntents.list({ limit: 100 });
  expect(left.data.map(({ id }) => id).toSorted()).toEqual(intents.map(({ id }) => id).toSorted());
  const ended = once(second.child, 'exit');
  second.child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
