import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { PaymentProvider, RawWebhook } from '@quittance/contracts';
import { BitsbyWebhook } from '@quittance/contracts/bitsby';
import { parseJson } from '@quittance/rpc';
import { type Clock, listen, silentLogger, systemClock } from '@quittance/runtime';
import { createSandbox } from '@quittance/sandbox/app';
import { loadConfig as loadSandboxConfig } from '@quittance/sandbox/config';
import { openInput, type ProviderUnderTest } from '@quittance/testing';
import { z } from 'zod';
import { type App, createApp } from './app.ts';
import { createPace, createTestTiming } from './pace-under-test.ts';
import type { Timing } from './timing.ts';

/** An invoice as the sandbox knows it. */
const Shown = z.looseObject({
  invoice: z.looseObject({
    id: z.string(),
    uid: z.string(),
    status: z.string(),
    serviceData: z.string().nullable(),
    amountFiat: z.string(),
    currencyFiat: z.string(),
    description: z.string().nullable(),
  }),
  wallets: z.array(z.looseObject({ name: z.string(), amountCrypto: z.string() })),
  payments: z.array(z.looseObject({ id: z.string(), isBound: z.boolean() })),
});
type Shown = z.infer<typeof Shown>;

export interface AdapterUnderTest extends ProviderUnderTest {
  /** Lets ten minutes pass, for Bitsby and for the adapter. */
  later: () => void;
  app: App;
  projectRef: string;
  url: string;
  /** What `open` takes for invoice `id`: 20.50 USD for the project. */
  order: (id?: number, payload?: string | null) => ReturnType<typeof openInput>;
  /** Calls of the sandbox's own API. */
  control: (method: string, path: string, body?: object) => Promise<unknown>;
  /** Every invoice that Bitsby has, newest first. */
  invoices: () => Promise<Shown[]>;
  /** Pays as the payer or the seller does, e.g. `{ amount: 'short', bind: true }`. */
  payWith: (ref: string, how: object) => Promise<void>;
  /** Makes calls that match fail, e.g. `POST /invoices/create`: the first with the first fault, and so on. */
  fail: (match: string, ...faults: string[]) => Promise<void>;
  /** Answers the next call of that path in Bitsby's stead, after what it is to answer already. */
  answer: (path: string, canned: { status?: number; body: string }) => void;
  /** Paths of the calls that came in so far. */
  calls: string[];
}

export const apiKey = 'TestBitsbyApiKey0001';

/** Everything that was posted to a URL of its own. */
const startReceiver = async () => {
  const received: RawWebhook[] = [];
  const server = await listen(
    (request, response) => {
      void text(request).then((body) => {
        received.push({ headers: {}, body });
        response.end();
      });
    },
    { host: '127.0.0.1', port: 0 },
  );
  return { received, server };
};

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};

/** The Bitsby adapter against the emulator, whose rate limit is off unless it is asked for. */
export const openAdapter = async (
  wrap: (app: App) => Promise<{ provider: PaymentProvider; close?: () => Promise<void> }> = (app) =>
    Promise.resolve(app),
  {
    clock: startClock = systemClock,
    timeoutMs = 5_000,
    settings = {},
    timing = createTestTiming(),
  }: { clock?: Clock; timeoutMs?: number; settings?: object; timing?: Timing } = {},
): Promise<AdapterUnderTest> => {
  let passedMs = 0;
  const clock = (): number => startClock() + passedMs;
  const sandbox = createSandbox({ config: loadSandboxConfig({}), clock, log: silentLogger });
  const calls: string[] = [];
  const canned = new Map<string, { status?: number; body: string }[]>();
  const server = await listen(
    (request, response) => {
      const path = request.url ?? '';
      if (!path.startsWith('/_sandbox')) calls.push(path);
      const answer = canned.get(path)?.shift();
      if (!answer) return sandbox.listener(request, response);
      response.writeHead(answer.status ?? 200);
      return response.end(answer.body);
    },
    { host: '127.0.0.1', port: 0 },
  );
  const { received, server: receiver } = await startReceiver();

  const control: AdapterUnderTest['control'] = async (method, path, body) => {
    const response = await fetch(`${server.url}/_sandbox${path}`, {
      method,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };
  const projectRef = randomUUID();
  const webhookUrl = receiver.url;
  const project = { apiKey, name: 'Shop', webhookUrl, commissionPayer: 'seller' };
  await control('PUT', `/bitsby/projects/${projectRef}`, project);
  await control('PUT', '/bitsby/settings', { rateLimit: false, ...settings });

  const app = createApp({
    config: {
      BITSBY_API_KEY: apiKey,
      BITSBY_API_URL: server.url,
      BITSBY_PACE_MS: 1_000,
      BITSBY_PATIENCE_MS: 15_000,
      BITSBY_TIMEOUT_MS: timeoutMs,
      BITSBY_DOUBT_MS: 60_000,
    },
    pace: createPace(timing),
    clock,
    timing,
  });
  const { provider, close } = await wrap(app);

  const invoices = async (): Promise<Shown[]> =>
    z.object({ invoices: z.array(Shown) }).parse(await control('GET', '/bitsby/invoices')).invoices;
  const payWith: AdapterUnderTest['payWith'] = async (ref, how) => {
    const found = (await invoices()).find(({ invoice }) => invoice.id === ref);
    if (!found) throw new Error(`There is no invoice ${ref}`);
    await control('POST', `/bitsby/invoices/${found.invoice.uid}/pay`, how);
  };
  const webhooksOf = (ref: string): RawWebhook[] =>
    received.filter(({ body }) => BitsbyWebhook.parse(parseJson(body)).invoice.id === ref);

  const answer: AdapterUnderTest['answer'] = (path, its) =>
    void canned.set(path, [...(canned.get(path) ?? []), its]);
  const fail: AdapterUnderTest['fail'] = async (match, ...faults) => {
    const script = faults.map((fault) => ({ fault, match }));
    await control('PUT', '/faults', { seed: 1, script });
  };

  return {
    app,
    provider,
    options: { provider: 'bitsby', flow: 'bitsby.invoice', timeToPay: 6 },
    lacks: ['idempotency', 'customers'],
    projectRef,
    unknownRef: randomUUID(),
    url: server.url,
    order: (id = 1, payload = null) =>
      openInput(
        { provider: 'bitsby', flow: 'bitsby.invoice', timeToPay: 6 },
        { id, projectRef, payload },
      ),
    control,
    invoices,
    payWith,
    fail,
    answer,
    calls,
    pay: (ref) => payWith(ref, { amount: 'exact' }),
    later: () => {
      passedMs += 10 * 60_000;
    },
    webhooks: async (ref) => {
      await until(() => webhooksOf(ref).length > 0);
      return webhooksOf(ref);
    },
    failNextOpen: async (fault) => {
      const path = '/invoices/create';
      if (fault === 'refused') await control('PUT', '/bitsby/balance', { apiKey, internal: '-1' });
      if (fault === 'unavailable') answer(path, { status: 401, body: '' });
      if (fault === 'lost_answer') await fail(`POST ${path}`, 'drop_after');
    },
    openedCount: async () => (await invoices()).length,
    close: async () => {
      await close?.();
      await sandbox.close();
      await server.close();
      await receiver.close();
    },
  };
};

export const withAdapter = async (
  run: (adapter: AdapterUnderTest) => Promise<void>,
  options: Parameters<typeof openAdapter>[1] = {},
): Promise<void> => {
  const adapter = await openAdapter(undefined, options);
  try {
    await run(adapter);
  } finally {
    await adapter.close();
  }
};
