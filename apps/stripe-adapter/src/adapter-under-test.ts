import type { ServerResponse } from 'node:http';
import type { OpenInput, PaymentProvider, RawWebhook } from '@quittance/contracts';
import { StripeEvent } from '@quittance/contracts/stripe';
import { parseJson } from '@quittance/rpc';
import { type Clock, listen, silentLogger, systemClock } from '@quittance/runtime';
import { createSandbox } from '@quittance/sandbox/app';
import { loadConfig as loadSandboxConfig } from '@quittance/sandbox/config';
import { observeStripe } from '@quittance/sandbox/testing/stripe-schema';
import type { ProviderUnderTest } from '@quittance/testing';
import { Stripe } from 'stripe';
import { type App, createApp } from './app.ts';

export interface AdapterUnderTest extends ProviderUnderTest {
  app: App;
  /** The official SDK, pointed at the emulator. */
  stripe: Stripe;
  /** Makes calls that match fail, e.g. `POST /v1/payment_intents`: the first with the first fault, and so on. */
  fail: (match: string, ...faults: string[]) => Promise<void>;
  /** Lets the next call that matches take that long before it is carried out. */
  slowDown: (match: string, ms: number) => Promise<void>;
  /** Answers such calls, e.g. `GET /v1/customers/search`, in Stripe's stead from now on. */
  answer: (call: string, canned: CannedAnswer) => void;
  /** How many of such calls came in so far, and were there at once at the most. */
  seen: (call: string) => { count: number; peak: number };
  /** The webhooks of the newest events that fit, once all of them have come. */
  webhooksWhere: (fits: (event: Stripe.Event) => boolean) => Promise<RawWebhook[]>;
}

export interface CannedAnswer {
  status?: number;
  headers?: Record<string, string>;
  body: object;
  /** How many calls reach the emulator before; none when absent. */
  after?: number;
  /** How often; always when absent. */
  times?: number;
}

/** What Stripe says, once, to a key that is not its own: nothing happened, and nothing is repeated. */
export const keyNotAccepted: CannedAnswer = {
  status: 401,
  body: { error: { type: 'invalid_request_error', message: 'Invalid API Key provided: sk_t****' } },
  times: 1,
};

export const webhookSecret = 'whsec_adapter_under_test';

/** Enough for two retries, before which 0.75 s are waited at the most. */
const defaultTimeoutMs = 3_000;

/** Counts calls: all, and how many await their answer at once. */
const createTally = () => {
  const calls = new Map<string, { count: number; peak: number; waiting: Set<ServerResponse> }>();
  const of = (call: string) => calls.get(call) ?? { count: 0, peak: 0, waiting: new Set() };
  return {
    of,
    add: (call: string, response: ServerResponse): void => {
      const { count, peak, waiting } = of(call);
      for (const other of waiting)
        if (other.writableEnded || other.destroyed) waiting.delete(other);
      waiting.add(response);
      calls.set(call, { count: count + 1, peak: Math.max(peak, waiting.size), waiting });
    },
  };
};

/** Everything that was posted to a URL of its own. */
const startReceiver = async () => {
  const received: RawWebhook[] = [];
  const server = await listen(
    (request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const signature = String(request.headers['stripe-signature']);
        received.push({ headers: { 'stripe-signature': signature }, body });
        response.end();
      });
    },
    { host: '127.0.0.1', port: 0 },
  );
  return { received, server };
};

const isAbout = ({ type, data: { object } }: Stripe.Event, ref: string): boolean =>
  (type.startsWith('payment_intent.') && 'id' in object && object.id === ref) ||
  (type.startsWith('refund.') && 'payment_intent' in object && object.payment_intent === ref);

const until = async (condition: () => Promise<boolean>): Promise<void> => {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
};

/** The Stripe adapter against the emulator, with the official SDK as the other side. */
export const openAdapter = async (
  wrap: (app: App) => Promise<{ provider: PaymentProvider; close?: () => Promise<void> }> = (app) =>
    Promise.resolve(app),
  {
    clock = systemClock,
    secrets = [webhookSecret],
    timeoutMs = defaultTimeoutMs,
    concurrency = 20,
    latencyMs = 0,
  }: {
    clock?: Clock;
    secrets?: string[];
    timeoutMs?: number;
    concurrency?: number;
    latencyMs?: number;
  } = {},
): Promise<AdapterUnderTest> => {
  const { observer, assertNone } = await observeStripe();
  const sandbox = createSandbox({
    config: loadSandboxConfig({ SANDBOX_LATENCY_MS: String(latencyMs) }),
    clock,
    log: silentLogger,
    observer,
  });
  const tally = createTally();
  const cannedAnswers = new Map<string, CannedAnswer>();
  const server = await listen(
    (request, response) => {
      const call = `${request.method} ${request.url?.split('?')[0]}`;
      tally.add(call, response);
      const canned = cannedAnswers.get(call);
      const { after = 0, times = Infinity } = canned ?? {};
      if (canned && after > 0) cannedAnswers.set(call, { ...canned, after: after - 1 });
      if (!canned || after > 0) return sandbox.listener(request, response);
      if (times > 1) cannedAnswers.set(call, { ...canned, times: times - 1 });
      else cannedAnswers.delete(call);
      response.writeHead(canned.status ?? 200, canned.headers);
      return response.end(JSON.stringify(canned.body));
    },
    { host: '127.0.0.1', port: 0 },
  );
  const { received, server: receiver } = await startReceiver();
  sandbox.ensureStripeWebhookEndpoint({ url: receiver.url, secret: webhookSecret });

  const app = createApp({
    config: {
      STRIPE_SECRET_KEY: 'sk_test_adapter',
      STRIPE_WEBHOOK_SECRET: secrets,
      STRIPE_API_URL: server.url,
      STRIPE_TIMEOUT_MS: timeoutMs,
      STRIPE_CONCURRENCY: concurrency,
    },
    clock,
  });
  const { provider, close } = await wrap(app);
  const stripe = new Stripe('sk_test_payer', {
    host: '127.0.0.1',
    port: server.port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });

  const setFaults = async (script: object[]): Promise<void> => {
    const response = await fetch(`${server.url}/_sandbox/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ seed: 1, script }),
    });
    if (!response.ok) throw new Error(await response.text());
  };

  let amountOfNextOpen: number | undefined;
  const open: PaymentProvider['open'] = (input: OpenInput) => {
    const amount = amountOfNextOpen ?? input.money.amount;
    amountOfNextOpen = undefined;
    return provider.open({ ...input, money: { ...input.money, amount } });
  };

  const webhooksWith = (ids: readonly string[]): RawWebhook[] =>
    received.filter(({ body }) => ids.includes(StripeEvent.parse(parseJson(body)).id));

  const webhooksWhere: AdapterUnderTest['webhooksWhere'] = async (fits) => {
    const events = await stripe.events.list({ limit: 100 });
    const ids = events.data.filter(fits).map(({ id }) => id);
    await until(() => Promise.resolve(webhooksWith(ids).length >= ids.length));
    return webhooksWith(ids);
  };

  return {
    app,
    stripe,
    fail: (match, ...faults) => setFaults(faults.map((fault) => ({ fault, match }))),
    slowDown: (match, latency_ms) => setFaults([{ fault: 'latency', match, latency_ms }]),
    answer: (call, canned) => void cannedAnswers.set(call, canned),
    seen: tally.of,
    provider: { ...provider, open },
    options: { provider: 'stripe', flow: 'stripe.payment_intent' },
    pay: async (ref) => {
      await stripe.paymentIntents.confirm(ref, { payment_method: 'pm_card_visa' });
    },
    decline: async (ref) => {
      const payment_method = 'pm_card_chargeDeclined';
      await stripe.paymentIntents.confirm(ref, { payment_method }).catch(() => undefined);
    },
    webhooks: (ref) => webhooksWhere((event) => isAbout(event, ref)),
    webhooksWhere,
    failNextOpen: async (fault) => {
      if (fault === 'refused') amountOfNextOpen = 10;
      if (fault === 'unavailable') cannedAnswers.set('POST /v1/payment_intents', keyNotAccepted);
      if (fault === 'lost_answer') {
        const match = 'POST /v1/payment_intents';
        await setFaults([{ fault: 'drop_after', match, times: 3 }]);
      }
    },
    openedCount: async () => (await stripe.paymentIntents.list({ limit: 100 })).data.length,
    close: async () => {
      await close?.();
      await sandbox.close();
      await server.close();
      await receiver.close();
      assertNone();
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
