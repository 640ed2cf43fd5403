import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller, CreateInvoice, FlowOptions, Project } from '@quittance/contracts';
import { silentLogger } from '@quittance/runtime';
import {
  type AskingProvider,
  type AskingProviderSettings,
  createAskingProvider,
  createHintingProvider,
  createMemoryProvider,
  createTestClock,
  type HintingProvider,
  type HintingProviderSettings,
  type MemoryProvider,
  type TestClock,
} from '@quittance/testing';
import { type App, type AppDeps, createApp, openSqliteStore } from './app.ts';
import type { Store } from './store/store.ts';

export interface CoreUnderTest {
  /** Where its database is. */
  folder: string;
  app: App;
  store: Store;
  /** Stripe, whose webhooks are signed. */
  psp: MemoryProvider;
  /** Bitsby, whose webhooks are only hints. */
  bitsby: HintingProvider;
  /** Telegram, which asks before it takes money. */
  telegram: AskingProvider;
  providers: AppDeps['providers'];
  clock: TestClock;
  encryptionKey: Buffer;
  caller: Caller;
  apiKey: string;
  apiKeyId: number;
  invoice: (change?: Partial<CreateInvoice>) => CreateInvoice;
  /** A shop of the account, with this ref at Bitsby. */
  addProject: (ref?: string) => Promise<Project>;
  /** A request for an invoice of Bitsby. */
  bitsbyInvoice: (project: Project, change?: Partial<CreateInvoice>) => CreateInvoice;
  /** A request for an invoice of 100 Stars, or BB Points, in Telegram. */
  telegramInvoice: (change?: Partial<CreateInvoice>) => CreateInvoice;
  /** A second core on the same file, as after a restart. */
  restart: (change?: Partial<AppDeps>) => Promise<App>;
  [Symbol.asyncDispose]: () => Promise<void>;
}

/** What makes an invoice of 20.50 USD one of Stripe Billing. */
export const stripeInvoice = ({ draft = false } = {}): Extract<
  FlowOptions,
  { flow: 'stripe.invoice' }
> => ({
  provider: 'stripe',
  flow: 'stripe.invoice',
  customer: null,
  paymentMethod: null,
  lines: [{ description: 'Work', quantity: 1, unitAmount: 2050 }],
  footer: null,
  due: null,
  draft,
});

/**
 * A core with a real database in a temporary folder, three providers in memory, an account, a user and a key.
 * @param settings for it, and for every other on the same file, instead of the usual ones
 * @param hinting how Bitsby is: without a pace, unless this says otherwise
 * @param asking how Telegram is
 */
export const openCore = async (
  settings: Partial<AppDeps> = {},
  hinting: HintingProviderSettings = {},
  asking: AskingProviderSettings = {},
): Promise<CoreUnderTest> => {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-core-'));
  const file = join(folder, 'quittance.db');
  const clock = createTestClock();
  const psp = createMemoryProvider(clock.now);
  const bitsby = createHintingProvider({ clock: clock.now, ...hinting });
  const telegram = createAskingProvider({ clock: clock.now, ...asking });
  const providers = {
    stripe: psp.provider,
    bitsby: bitsby.provider,
    telegram: telegram.provider,
  };
  const encryptionKey = randomBytes(32);
  const apps: App[] = [];
  const start = async (change: Partial<AppDeps> = {}): Promise<{ app: App; store: Store }> => {
    const store = await openSqliteStore(file);
    const app = createApp({
      store,
      providers,
      sandbox: true,
      encryptionKey,
      webhookNetworks: [],
      clock: clock.now,
      log: silentLogger,
      ...settings,
      ...change,
    });
    apps.push(app);
    return { app, store };
  };

  const { app, store } = await start();
  const { identities } = app.core;
  const account = await identities.createAccount({ name: 'Shop' });
  const user = await identities.createUser({ accountId: account.id, name: 'Ada', email: null });
  const scopes = ['invoices:read', 'invoices:write'] as const;
  const key = await identities.createApiKey({ userId: user.id, scopes: [...scopes] });
  const caller = { accountId: account.id, userId: user.id };

  const invoice: CoreUnderTest['invoice'] = (change = {}) => ({
    caller,
    billed: null,
    idempotencyKey: null,
    money: { amount: 2050, currency: 'USD' },
    item: { type: 'flight', id: '1' },
    description: null,
    payload: null,
    projectId: null,
    options: psp.options,
    expiry: null,
    ...change,
  });

  return {
    folder,
    app,
    store,
    psp,
    bitsby,
    telegram,
    providers,
    clock,
    encryptionKey,
    caller,
    apiKey: key.secret,
    apiKeyId: key.apiKey.id,
    invoice,
    addProject: (ref = 'shop_1') =>
      app.core.projects.create({
        caller,
        idempotencyKey: null,
        name: 'Shop',
        providers: [{ provider: 'bitsby', ref }],
      }),
    bitsbyInvoice: ({ id: projectId }, change = {}) =>
      invoice({ projectId, options: bitsby.options, ...change }),
    telegramInvoice: (change = {}) =>
      invoice({
        money: { amount: 100, currency: telegram.currency },
        options: telegram.options,
        ...change,
      }),
    restart: async (change) => (await start(change)).app,
    [Symbol.asyncDispose]: async () => {
      for (const one of apps) await one.close();
      await rm(folder, { recursive: true });
    },
  };
};
