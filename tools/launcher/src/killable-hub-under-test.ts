import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scope } from '@quittance/contracts';
import { createIdentities, openSqliteStore } from '@quittance/invoice-core/app';
import { listen, silentLogger, systemClock } from '@quittance/runtime';
import { createSandbox } from '@quittance/sandbox/app';
import { loadConfig as loadSandboxConfig } from '@quittance/sandbox/config';
import BetterSqlite3 from 'better-sqlite3';
import type { Stripe } from 'stripe';
import { expect } from 'vitest';
import { accountScopes } from './account-scopes.ts';
import { order, stripeAt } from './hub-under-test.ts';
import { freePort } from './free-port.ts';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const webhookSecret = 'whsec_of_the_kill_test';

/** Where in a call to the emulator something strikes: before it is executed, or after, its answer unsent. */
export interface Strike {
  /** Method and path; `*` stands for one part of the path. */
  target: string;
  moment: 'before' | 'after';
}

export interface KillableHub {
  gatewayUrl: string;
  /** Of the emulators, which outlive the hub. */
  sandboxUrl: string;
  dataDir: string;
  /** The environment that the hub is started with. */
  env: Record<string, string>;
  stripe: Stripe;
  /** Starts the hub, in a process of its own, and waits until it is ready. @throws when it ends before that */
  start: () => Promise<void>;
  kill: () => void;
  /** Resolves when the process has ended. */
  dead: () => Promise<void>;
  /** Calls back, or kills the hub, the next time that this happens. */
  strikeOn: (strike: Strike, strikeNow?: () => void) => void;
  create: (key?: string, change?: Record<string, unknown>) => Promise<Response>;
  call: (
    path: string,
    init?: { method: string; body?: object; headers?: Record<string, string> },
  ) => Promise<Response>;
  apiKey: string;
  /** Of `/admin/api`. */
  adminKey: string;
  /** What a query finds in the hub's database. */
  rows: <T>(sql: string) => T[];
  /** Changes the database behind the hub's back, while it is down. */
  alter: (sql: string) => void;
  close: () => Promise<void>;
}

const matches = ({ target }: Strike, request: string): boolean =>
  new RegExp(`^${target.replaceAll('*', '[^/]+')}$`).test(request);

const openAccount = async (dataDir: string): Promise<{ apiKey: string; adminKey: string }> => {
  const store = await openSqliteStore(join(dataDir, 'quittance.db'));
  const identities = createIdentities({ store, clock: systemClock });
  const account = await identities.createAccount({ name: 'Shop' });
  const user = await identities.createUser({ accountId: account.id, name: 'Ada', email: null });
  const keyOf = async (scopes: Scope[]): Promise<string> =>
    (await identities.createApiKey({ userId: user.id, scopes })).secret;
  const apiKey = await keyOf([...accountScopes]);
  const adminKey = await keyOf(['admin']);
  await store.close();
  return { apiKey, adminKey };
};

/**
 * A hub that can be killed, emulators that outlive it, and between them a place to strike. Stripe is there, and what
 * further settings point at the emulators.
 */
export const openKillableHub = async (
  settingsFor: (sandboxUrl: string) => Record<string, string> = () => ({}),
): Promise<KillableHub> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'quittance-kill-'));
  const sandbox = createSandbox({
    config: loadSandboxConfig({}),
    clock: systemClock,
    log: silentLogger,
  });
  let child: ChildProcess | undefined;
  const kill = (): void => void child?.kill('SIGKILL');

  let armed: { strike: Strike; strikeNow: () => void } | undefined;
  const listener: RequestListener = (request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    if (armed && matches(armed.strike, `${request.method} ${path}`)) {
      const { strike, strikeNow } = armed;
      armed = undefined;
      const cut = (): void => {
        strikeNow();
        request.socket.destroy();
      };
      if (strike.moment === 'before') {
        cut();
        return;
      }
      response.writeHead = () => {
        cut();
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
  const { apiKey, adminKey } = await openAccount(dataDir);
  const env = {
    DATA_DIR: dataDir,
    PORT: String(port),
    LOG_LEVEL: 'fatal',
    STRIPE_SECRET_KEY: 'sk_test_kill',
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_API_URL: server.url,
    ...settingsFor(server.url),
  };
  const isReady = (): Promise<boolean> =>
    fetch(`${gatewayUrl}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  const isAlive = (): boolean => child?.exitCode === null && child.signalCode === null;
  const dead = async (): Promise<void> => {
    if (child && isAlive()) await once(child, 'exit');
  };
  const isStarting = async (): Promise<boolean> => isAlive() && !(await isReady());
  const authorization = `Bearer ${apiKey}`;
  const openDatabase = (readonly: boolean) =>
    new BetterSqlite3(join(dataDir, 'quittance.db'), { readonly });

  return {
    gatewayUrl,
    sandboxUrl: server.url,
    dataDir,
    env,
    stripe: stripeAt(server.url),
    start: async () => {
      child = spawn(process.execPath, [program], {
        env: { ...process.env, ...env },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      await expect.poll(isStarting, { timeout: 10_000, interval: 20 }).toBe(false);
      if (!isAlive()) throw new Error('The hub ended while it started');
    },
    kill,
    dead,
    strikeOn: (strike, strikeNow = kill) => {
      armed = { strike, strikeNow };
    },
    create: (key, change = {}) =>
      fetch(`${gatewayUrl}/v1/invoice/create`, {
        method: 'POST',
        headers: {
          authorization,
          'content-type': 'application/json',
          ...(key !== undefined && { 'idempotency-key': key }),
        },
        body: JSON.stringify({ ...order, ...change }),
      }),
    apiKey,
    adminKey,
    call: (path, { method, body, headers } = { method: 'GET' }) =>
      fetch(`${gatewayUrl}${path}`, {
        method,
        headers: {
          authorization,
          ...(body && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body && { body: JSON.stringify(body) }),
      }),
    rows: <T>(sql: string): T[] => {
      const database = openDatabase(true);
      const rows = database.prepare<[], T>(sql).all();
      database.close();
      return rows;
    },
    alter: (sql) => {
      const database = openDatabase(false);
      database.exec(sql);
      database.close();
    },
    close: async () => {
      kill();
      await dead();
      await sandbox.close();
      await server.close();
      await rm(dataDir, { recursive: true });
    },
  };
};
