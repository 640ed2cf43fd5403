import { listen, silentLogger, systemClock } from '@quittance/runtime';
import { Stripe } from 'stripe';
import { createSandbox, type Sandbox, type SandboxDependencies } from '../app.ts';
import { loadConfig } from '../config.ts';
import { observeStripe } from './stripe-schema/observe.ts';

export interface StartedSandbox extends AsyncDisposable {
  sandbox: Sandbox;
  url: string;
  /** The official SDK, pointed at the sandbox. */
  stripe: Stripe;
  stripeWithKey: (apiKey: string) => Stripe;
  /** A call without the SDK, for what the SDK would not send. */
  call: (method: string, path: string, init?: RequestInit) => Promise<Response>;
  putFaults: (config: object) => Promise<Response>;
  close: () => Promise<void>;
}

/**
 * A sandbox that listens on a free port, seeded so that no fault depends on chance.
 * Closing it fails when it said anything that Stripe's types do not allow.
 */
export const startSandbox = async ({
  env = {},
  ...overrides
}: {
  env?: Record<string, string>;
} & Partial<SandboxDependencies> = {}): Promise<StartedSandbox> => {
  const stripeWire = await observeStripe();
  const sandbox = createSandbox({
    config: loadConfig({ SANDBOX_FAULT_SEED: '1', ...env }),
    clock: systemClock,
    log: silentLogger,
    observer: stripeWire.observer,
    ...overrides,
  });
  const server = await listen(sandbox.listener, { host: '127.0.0.1', port: 0 });
  const stripeWithKey = (apiKey: string): Stripe =>
    new Stripe(apiKey, {
      host: '127.0.0.1',
      port: server.port,
      protocol: 'http',
      maxNetworkRetries: 0,
      telemetry: false,
    });
  const close = async (): Promise<void> => {
    const closed = server.close();
    await sandbox.close();
    await closed;
    stripeWire.assertNone();
  };
  return {
    sandbox,
    url: server.url,
    stripe: stripeWithKey('sk_test_sandbox'),
    stripeWithKey,
    call: (method, path, init = {}) => {
      const headers = new Headers(init.headers);
      if (!headers.has('authorization')) headers.set('authorization', 'Bearer sk_test_sandbox');
      return fetch(`${server.url}${path}`, { method, redirect: 'manual', ...init, headers });
    },
    putFaults: (config) =>
      fetch(`${server.url}/_sandbox/faults`, { method: 'PUT', body: JSON.stringify(config) }),
    close,
    [Symbol.asyncDispose]: close,
  };
};
