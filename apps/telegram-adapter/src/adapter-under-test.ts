import type { OpenInput, PaymentProvider, RawWebhook } from '@quittance/contracts';
import { TelegramUpdate } from '@quittance/contracts/telegram';
import { parseJson } from '@quittance/rpc';
import { type Clock, silentLogger, systemClock } from '@quittance/runtime';
import { openInput, type ProviderUnderTest } from '@quittance/testing';
import { type App, createApp } from './app.ts';
import { type TelegramConfig, telegramConfigSchema } from './config.ts';
import { type CoreUnderTest, createCore } from './core-under-test.ts';
import { startGateway } from './gateway-under-test.ts';
import { botToken, createPerson, eventually, type PersonUnderTest } from './people-under-test.ts';
import { type SandboxUnderTest, startSandbox } from './sandbox-under-test.ts';

export interface AdapterUnderTest extends ProviderUnderTest {
  app: App;
  config: TelegramConfig;
  core: CoreUnderTest;
  sandbox: SandboxUnderTest;
  gateway: Awaited<ReturnType<typeof startGateway>>;
  /** What `open` takes: 2050 Stars, or what is said. */
  order: (changes?: Partial<OpenInput>) => OpenInput;
  /** Opens an invoice, which the core then knows. */
  make: (changes?: Partial<OpenInput>) => Promise<{ ref: string; object: string }>;
  person: (facts?: { language?: string; stars?: number }) => Promise<PersonUnderTest>;
  /** How long was waited before each new try, in ms; none of it in real time. */
  waits: number[];
}

type Wrap = (app: App) => Promise<{ provider: PaymentProvider; close?: () => Promise<void> }>;

const tellsOfMoney = (body: string): boolean => {
  const { message } = TelegramUpdate.parse(parseJson(body));
  return message?.successful_payment !== undefined || message?.refunded_payment !== undefined;
};

/** The adapter against the emulator, with a gateway and a core of this test, in Stars and with links. */
export const openAdapter = async (
  wrap: Wrap = (app) => Promise.resolve(app),
  {
    clock = systemClock,
    env = {},
    prepare = () => Promise.resolve(),
  }: {
    clock?: Clock;
    env?: Record<string, string>;
    /** What there is before the adapter starts. */
    prepare?: (sandbox: SandboxUnderTest) => Promise<void>;
  } = {},
): Promise<AdapterUnderTest> => {
  const sandbox = await startSandbox(clock);
  await prepare(sandbox);
  const core = createCore(() => app.provider, clock);
  const gateway = await startGateway(() => core);
  const config = telegramConfigSchema.parse({
    TELEGRAM_BOT_TOKEN: botToken,
    TELEGRAM_API_URL: sandbox.url,
    BOTS_BUSINESS_API_URL: sandbox.url,
    PUBLIC_URL: gateway.url,
    TELEGRAM_TIMEOUT_MS: '5000',
    ...env,
  });
  const waits: number[] = [];
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const app: App = createApp({ config, core, clock, log: silentLogger, timing: { wait } });
  await app.start();
  const { provider: wrapped, close } = await wrap(app);

  const options = {
    provider: 'telegram',
    flow: 'telegram.bot_api',
    title: 'Tea',
    link: true,
  } as const;
  const open: PaymentProvider['open'] = async (input) => {
    const result = await wrapped.open(input);
    core.addInvoice(input, result.observation);
    return result;
  };
  const provider: PaymentProvider = { ...wrapped, open };
  const order: AdapterUnderTest['order'] = (changes = {}) => ({
    ...openInput(options, { currency: 'XTR' }),
    createdAt: new Date(clock()).toISOString(),
    ...changes,
  });
  const person: AdapterUnderTest['person'] = (facts) => createPerson(sandbox, facts);
  const webhooksOf = (ref: string): RawWebhook[] =>
    gateway.received.filter(({ body }) => body.includes(ref) && tellsOfMoney(body));

  return {
    app,
    config,
    core,
    sandbox,
    gateway,
    provider,
    options,
    order,
    make: async (changes) => {
      const { observation } = await provider.open(order(changes));
      return { ref: observation.ref ?? '', object: observation.providerData ?? '' };
    },
    person,
    waits,
    lacks: ['keys', 'customers', 'signed_bodies'],
    currency: 'XTR',
    pay: async (ref) => {
      const payer = await person();
      const { state } = await payer.payInChat(ref);
      if (state !== 'paid') throw new Error(`The payment is ${state}`);
    },
    webhooks: (ref) => eventually(() => (webhooksOf(ref).length > 0 ? webhooksOf(ref) : undefined)),
    failNextOpen: async (fault) => {
      if (fault === 'refused') {
        const XTR = { exponent: 0, min: 1, max: 1 };
        await sandbox.control('PUT', '/telegram/currencies', { XTR });
      }
      if (fault === 'unavailable') {
        const body = '{"ok":false,"error_code":401,"description":"Unauthorized"}';
        sandbox.answer('createInvoiceLink', { status: 401, body });
      }
      if (fault === 'lost_answer') await sandbox.fail('POST /*/createInvoiceLink', 'drop_after');
    },
    openedCount: () => {
      const made = sandbox.calls.filter(
        ({ name, status }) => name === 'createInvoiceLink' && status === 200,
      );
      return Promise.resolve(new Set(made.map(({ body }) => body['payload'])).size);
    },
    close: async () => {
      await app.stop();
      await close?.();
      await sandbox.close();
      await gateway.close();
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
