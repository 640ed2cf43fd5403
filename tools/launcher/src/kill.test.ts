import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Seed000Created, Seed000Found } from '@quittance/contracts/seed-000';
import { createIdentities, openSqliteStore } from '@quittance/invoice-core/app';
import { listen, silentLogger, systemClock } from '@quittance/runtime';
import { createSandbox } from '@quittance/sandbox/app';
import { loadConfig as loadSandboxConfig } from '@quittance/sandbox/config';
import BetterSqlite3 from 'better-sqlite3';
import type { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { order, stripeAt } from './hub-under-test.ts';
import { freePort, type RunningServices, startServices } from './services.ts';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const webhookSecret = 'whsec_of_the_kill_test';

/** Where in a call to the emulator something strikes: before it is executed, or after, its answer unsent. */
interface Strike {
  target: string;
  moment: 'before' | 'after';
}

interface World {
  dataDir: string;
  apiKey: string;
  gatewayUrl: string;
  env: Record<string, string>;
  stripe: Stripe;
  /** Calls `kill` the next time that this happens. */
  strikeOn: (strike: Strike, kill: () => void) => void;
  close: () => Promise<void>;
}

/** An emulator that outlives the hub, in front of it a hook, and a database with an account. */
const openWorld = async (): Promise<World> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'quittance-kill-'));
  const sandbox = createSandbox({
    config: loadSandboxConfig({}),
    clock: systemClock,
    log: silentLogger,
  });
  let armed: { strike: Strike; kill: () => void } | undefined;
  const listener: RequestListener = (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    if (armed && `${request.method} ${path}` === armed.strike.target) {
      const { strike, kill } = armed;
      armed = undefined;
      if (strike.moment === 'before') {
        kill();
        request.socket.destroy();
        return;
      }
      response.writeHead = () => {
        kill();
        request.socket.destroy();
        return response;
      };
    }
    sandbox.listener(request, response);
  };
  const server = await listen(listener, { host: '127.0.0.1', port: 0 });
  const port = await freePort();
  const gatewayUrl = `http://127.0.0.1:${port}`;
  sandbox.ensureStripeWebhookEndpoint({
    url: `${gatewayUrl}/webhooks/stripe`,
    secret: webhookSecret,
  });

  const store = await openSqliteStore(join(dataDir, 'quittance.db'));
  const identities = createIdentities({ store, clock: systemClock });
  const account = await identities.createAccount({ name: 'Shop' });
  const user = await identities.createUser({ accountId: account.id, name: 'Ada', email: null });
  const { secret } = await identities.createApiKey({
    userId: user.id,
    scopes: ['invoices:read', 'invoices:write'],
  });
  await store.close();

  return {
    dataDir,
    apiKey: secret,
    gatewayUrl,
    env: {
      DATA_DIR: dataDir,
      PORT: String(port),
      LOG_LEVEL: 'fatal',
      STRIPE_SECRET_KEY: 'sk_test_kill',
      STRIPE_WEBHOOK_SECRET: webhookSecret,
      STRIPE_API_URL: server.url,
    },
    stripe: stripeAt(server.url),
    strikeOn: (strike, kill) => {
      armed = { strike, kill };
    },
    close: async () => {
      await sandbox.close();
      await server.close();
      await rm(dataDir, { recursive: true });
    },
  };
};

let world: World;
let child: ChildProcess | undefined;

beforeEach(async () => {
  world = await openWorld();
});

const kill = (): void => void child?.kill('SIGKILL');

const untilDead = async (): Promise<void> => {
  if (child?.exitCode === null && child.signalCode === null) await once(child, 'exit');
};

afterEach(async () => {
  kill();
  await untilDead();
  child = undefined;
  await world.close();
});

const isReady = (): Promise<boolean> =>
  fetch(`${world.gatewayUrl}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );

const startHubProcess = async (): Promise<void> => {
  child = spawn(process.execPath, [program], {
    env: { ...process.env, ...world.env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await expect.poll(isReady, { timeout: 10_000, interval: 20 }).toBe(true);
};

const create = (key: string | undefined): Promise<Response> =>
  fetch(`${world.gatewayUrl}/v1/invoice/create`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${world.apiKey}`,
      'content-type': 'application/json',
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    body: JSON.stringify(order),
  });

const statusOf = async (id: number): Promise<string> => {
  const headers = { authorization: `Bearer ${world.apiKey}` };
  const response = await fetch(`${world.gatewayUrl}/v1/invoice/${id}`, { headers });
  return Seed000Found.parse(await response.json()).data.invoice.status;
};

interface Books {
  invoices: { id: number; status: string; provider_ref: string | null }[];
  events: string[];
  intents: { id: string; invoice: string | undefined }[];
  customers: number;
}

/** What we hold and what Stripe holds. */
const books = async (): Promise<Books> => {
  const database = new BetterSqlite3(join(world.dataDir, 'quittance.db'), { readonly: true });
  const rows = <T>(sql: string): T[] => database.prepare<[], T>(sql).all();
  const invoices = rows<Books['invoices'][number]>(
    'select id, status, provider_ref from invoices order by id',
  );
  const events = rows<{ event: string }>(
    "select invoice_id || ':' || seq || ' ' || type as event from events order by position",
  ).map(({ event }) => event);
  database.close();
  const intents = await world.stripe.paymentIntents.list({ limit: 100 });
  return {
    invoices,
    events,
    intents: intents.data.map(({ id, metadata }) => ({ id, invoice: metadata.invoice_id })),
    customers: (await world.stripe.customers.list()).data.length,
  };
};

const expectOneOfEach = async (): Promise<void> => {
  const { invoices, events, intents, customers } = await books();
  expect(intents).toHaveLength(1);
  expect(invoices).toEqual([{ id: 1, status: 'pending', provider_ref: intents[0]?.id }]);
  expect(events).toEqual(['1:1 invoice.created', '1:2 invoice.opened']);
  expect(customers).toBe(1);
};

const steps: Record<string, Strike> = {
  'the invoice is stored and Stripe not asked yet': {
    target: 'GET /v1/customers/search',
    moment: 'before',
  },
  'the customer is being made': { target: 'POST /v1/customers', moment: 'before' },
  'the customer was made': { target: 'POST /v1/customers', moment: 'after' },
  'the PaymentIntent is being made': { target: 'POST /v1/payment_intents', moment: 'before' },
  'the PaymentIntent was made': { target: 'POST /v1/payment_intents', moment: 'after' },
};

describe.each(Object.entries(steps))('kill -9 when %s', (_title, strike) => {
  test('with a key: the retry after the restart gets the one invoice', async () => {
    await startHubProcess();
    world.strikeOn(strike, kill);
    await expect(create('k')).rejects.toThrow('fetch failed');

    await startHubProcess();
    const retried = await create('k');
    expect(retried.status).toBe(201);
    expect(Seed000Created.parse(await retried.json()).data.invoice.id).toBe(1);
    await expectOneOfEach();
  });

  test('without a key: the restarted hub finishes it by itself, and it can be paid', async () => {
    await startHubProcess();
    world.strikeOn(strike, kill);
    await expect(create(undefined)).rejects.toThrow('fetch failed');

    await startHubProcess();
    await expect
      .poll(async () => (await books()).invoices[0]?.status, { timeout: 10_000 })
      .toBe('pending');
    await expectOneOfEach();

    const [intent] = (await books()).intents;
    await world.stripe.paymentIntents.confirm(intent?.id ?? '', { payment_method: 'pm_card_visa' });
    await expect.poll(() => statusOf(1), { timeout: 10_000 }).toBe('paid');
  });
});

test('kill -9 when the answer is stored but not sent: the retry gets it', async () => {
  await startHubProcess();
  const database = new BetterSqlite3(join(world.dataDir, 'quittance.db'), { readonly: true });
  const isOpen = database.prepare("select 1 from invoices where status = 'pending'").pluck();
  const answer = create('k').catch(() => undefined);
  while (isOpen.get() === undefined) await new Promise((resolve) => setImmediate(resolve));
  kill();
  database.close();
  await answer;

  await startHubProcess();
  expect((await create('k')).status).toBe(201);
  await expectOneOfEach();
});

test('kill -9 at random moments of many creates: one PaymentIntent for each invoice, none lost', async () => {
  const delays = [1, 5, 12, 25, 40, 60];
  for (const [round, delay] of delays.entries()) {
    await startHubProcess();
    const answers = Array.from({ length: 10 }, (_, index) =>
      create(`${round}-${index}`).catch(() => undefined),
    );
    setTimeout(kill, delay);
    await Promise.all(answers);
    await untilDead();
  }
  await startHubProcess();
  const retried = await Promise.all(
    delays.flatMap((_, round) => Array.from({ length: 10 }, (_x, n) => create(`${round}-${n}`))),
  );
  expect(new Set(retried.map(({ status }) => status))).toEqual(new Set([201]));
  const { invoices, intents, customers } = await books();
  expect(invoices).toHaveLength(60);
  expect(new Set(invoices.map(({ status }) => status))).toEqual(new Set(['pending']));
  expect(intents).toHaveLength(60);
  expect(new Set(intents.map(({ id }) => id))).toEqual(
    new Set(invoices.map(({ provider_ref }) => provider_ref)),
  );
  expect(customers).toBe(1);
}, 60_000);

test('kill -9 when a webhook comes in: it is delivered again and counts once', async () => {
  await startHubProcess();
  const { providerData } = Seed000Created.parse(await (await create('k')).json()).data.invoice;
  const [intent] = (await books()).intents;
  expect(providerData).toContain(intent?.id);
  kill();
  await untilDead();
  await world.stripe.paymentIntents.confirm(intent?.id ?? '', { payment_method: 'pm_card_visa' });

  await startHubProcess();
  await expect.poll(() => statusOf(1), { timeout: 15_000 }).toBe('paid');
  expect((await books()).events).toEqual([
    '1:1 invoice.created',
    '1:2 invoice.opened',
    '1:3 invoice.paid',
  ]);
}, 30_000);

describe('as services', () => {
  let services: RunningServices;
  beforeEach(async () => {
    services = await startServices(loadConfig(world.env), { ...process.env, ...world.env });
  });
  afterEach(() => services.close());

  test.each(['invoice-core', 'stripe-adapter'] as const)(
    'kill -9 of %s in the middle of a create: the client is told the truth, and the key settles it',
    async (name) => {
      world.strikeOn({ target: 'POST /v1/payment_intents', moment: 'after' }, () => {
        const pid = services.services[name]?.pid;
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
      });
      expect((await create('k')).status).toBe(504);
      await expect.poll(async () => (await create('k')).status, { timeout: 10_000 }).toBe(201);
      await expectOneOfEach();
    },
  );
});
