import { listen, type Logger, systemClock } from '@quittance/runtime';
import { createSandbox, type Sandbox } from '@quittance/sandbox/app';
import type { Config } from './config.ts';

export interface SandboxInProcess extends Pick<
  Sandbox,
  'clock' | 'ensureStripeWebhookEndpoint' | 'faults'
> {
  url: string;
  close: () => Promise<void>;
}

/** The sandbox on its own port, its state beside the hub's database. */
export const startSandbox = async (config: Config, log: Logger): Promise<SandboxInProcess> => {
  const { STRIPE_WEBHOOK_SECRET: _liveOnly, ...settings } = config;
  const sandbox = createSandbox({ config: settings, clock: systemClock, log });
  const { HOST: host, SANDBOX_PORT: port } = config;
  const server = await listen(sandbox.listener, { host, port });
  return {
    url: server.url,
    ensureStripeWebhookEndpoint: sandbox.ensureStripeWebhookEndpoint,
    faults: sandbox.faults,
    clock: sandbox.clock,
    close: async () => {
      const closed = server.close();
      await sandbox.close();
      await closed;
    },
  };
};
