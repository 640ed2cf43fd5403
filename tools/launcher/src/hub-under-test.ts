import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from '@quittance/contracts';
import { createIdentities, openSqliteStore } from '@quittance/invoice-core/app';
import { systemClock } from '@quittance/runtime';
import { Stripe } from 'stripe';
import { loadConfig } from './config.ts';
import type { DemoCredentials } from './demo-credentials.ts';
import { startHub } from './hub.ts';
import type { RunningHub } from './running-hub.ts';
import { startServices } from './services.ts';

const launchers = { 'in one process': startHub, 'as services': startServices } as const;
export type Launcher = keyof typeof launchers;

export const everyLauncher: readonly Launcher[] = ['in one process', 'as services'];

interface Call extends Omit<RequestInit, 'headers'> {
  headers?: Record<string, string>;
}

export interface HubUnderTest {
  hub: RunningHub;
  demo: DemoCredentials;
  dataDir: string;
  /** The official SDK, pointed at the emulator. */
  stripe: Stripe;
  call: (path: string, init?: Call) => Promise<{ status: number; body: unknown }>;
  create: (
    change?: Record<string, unknown>,
    headers?: Record<string, string>,
  ) => Promise<{ status: number; body: unknown }>;
  /** A key of the demo user with these scopes. */
  newKey: (scopes: Scope[]) => Promise<{ secret: string; revoke: () => Promise<void> }>;
  [Symbol.asyncDispose]: () => Promise<void>;
}

export const order = {
  provider: 'stripe',
  item_type: 'flight',
  item_id: 1,
  final_amount: 20.5,
  currency: 'usd',
};

export const stripeAt = (url: string): Stripe =>
  new Stripe('sk_test_merchant', {
    host: '127.0.0.1',
    port: new URL(url).port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });

/** A whole hub in a temporary folder on free ports, used through its public doors. */
export const openHub = async (
  how: Launcher,
  own: Record<string, string> = {},
): Promise<HubUnderTest> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'quittance-hub-'));
  const ports = { PORT: '0', SANDBOX_PORT: '0' };
  const settings = { DATA_DIR: dataDir, ...ports, LOG_LEVEL: 'error', ...own };
  const hub = await launchers[how](loadConfig(settings), process.env);
  const { demo } = hub;
  if (!demo) throw new Error('The hub made no demo account');

  const call: HubUnderTest['call'] = async (path, init = {}) => {
    const response = await fetch(`${demo.gatewayUrl}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${demo.apiKey}`, ...init.headers },
    });
    const body: unknown = await response.json();
    return { status: response.status, body };
  };

  return {
    hub,
    demo,
    dataDir,
    stripe: stripeAt(demo.sandboxUrl),
    call,
    create: (change = {}, headers = {}) =>
      call('/v1/invoice/create', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ ...order, ...change }),
      }),
    newKey: async (scopes) => {
      const store = await openSqliteStore(join(dataDir, 'quittance.db'));
      const identities = createIdentities({ store, clock: systemClock });
      const { secret, apiKey } = await identities.createApiKey({ userId: demo.userId, scopes });
      await store.close();
      return {
        secret,
        revoke: async () => {
          const again = await openSqliteStore(join(dataDir, 'quittance.db'));
          await createIdentities({ store: again, clock: systemClock }).revokeApiKey(apiKey);
          await again.close();
        },
      };
    },
    [Symbol.asyncDispose]: async () => {
      await hub.close();
      await rm(dataDir, { recursive: true });
    },
  };
};
