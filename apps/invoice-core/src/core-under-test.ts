import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller, CreateInvoice, FlowOptions } from '@quittance/contracts';
import { silentLogger } from '@quittance/runtime';
import {
  createMemoryProvider,
  createTestClock,
  type MemoryProvider,
  type TestClock,
} from '@quittance/testing';
import { type App, createApp, openSqliteStore } from './app.ts';
import type { Store } from './store/store.ts';

export interface CoreUnderTest {
  /** Where its database is. */
  folder: string;
  app: App;
  store: Store;
  psp: MemoryProvider;
  clock: TestClock;
  caller: Caller;
  apiKey: string;
  apiKeyId: number;
  invoice: (change?: Partial<CreateInvoice>) => CreateInvoice;
  /** A second core on the same file, as after a restart. */
  restart: (change?: { sandbox?: boolean }) => Promise<App>;
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

/** A core with a real database in a temporary folder, a provider in memory, an account, a user and a key. */
export const openCore = async (): Promise<CoreUnderTest> => {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-core-'));
  const file = join(folder, 'quittance.db');
  const clock = createTestClock();
  const psp = createMemoryProvider(clock.now);
  const apps: App[] = [];
  const start = async ({ sandbox = true } = {}): Promise<{ app: App; store: Store }> => {
    const store = await openSqliteStore(file);
    const providers = { stripe: psp.provider };
    const app = createApp({ store, providers, sandbox, clock: clock.now, log: silentLogger });
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

  return {
    folder,
    app,
    store,
    psp,
    clock,
    caller,
    apiKey: key.secret,
    apiKeyId: key.apiKey.id,
    invoice: (change = {}) => ({
      caller,
      billed: null,
      idempotencyKey: null,
      money: { amount: 2050, currency: 'USD' },
      item: { type: 'flight', id: '1' },
      description: null,
      options: psp.options,
      expiry: null,
      ...change,
    }),
    restart: async (change) => (await start(change)).app,
    [Symbol.asyncDispose]: async () => {
      for (const one of apps) await one.close();
      await rm(folder, { recursive: true });
    },
  };
};
