import { join } from 'node:path';
import { remoteInvoiceCore, remoteProvider } from '@quittance/contracts';
import { createApp as createGateway, toListener } from '@quittance/gateway/app';
import { createApp as createCore, openSqliteStore } from '@quittance/invoice-core/app';
import { directTransport } from '@quittance/rpc';
import { createLogger, httpUrl, listen, systemClock } from '@quittance/runtime';
import { createAdapters } from './adapters.ts';
import type { Config } from './config.ts';
import { makeDataFolder } from './data-folder.ts';
import { ensureDemoAccount } from './demo-account.ts';
import { encryptionKey } from './encryption-key.ts';
import { freePort } from './free-port.ts';
import { isSandboxed, providerSettings } from './provider-settings.ts';
import type { RunningHub } from './running-hub.ts';
import { startSandbox } from './sandbox-in-process.ts';
import { sandboxWebhookSecret } from './stripe-settings.ts';
import { sandboxSellerPin } from './telegram-settings.ts';

/** Runs a whole hub in this process: every service, joined by direct transports, and the sandbox. */
export const startHub = async (config: Config): Promise<RunningHub> => {
  const log = createLogger('hub', config.LOG_LEVEL);
  const onUnexpectedError = (error: unknown, path: string) => log.error({ err: error, path });
  await makeDataFolder(config.DATA_DIR);
  const webhookSecret = await sandboxWebhookSecret(config.DATA_DIR);
  const sellerPin = await sandboxSellerPin(config.DATA_DIR);
  const sandbox = isSandboxed(config) ? await startSandbox(config, log) : undefined;
  const clock = sandbox?.clock ?? systemClock;

  const port = await freePort(config.PORT, config.HOST);
  const settings = providerSettings(config, {
    sandbox: sandbox && { url: sandbox.url, webhookSecret, sellerPin },
    gatewayUrl: httpUrl(config.HOST, port),
  });
  const adapters = createAdapters(settings, { core: () => core, clock, log });
  const coreApp = createCore({
    store: await openSqliteStore(join(config.DATA_DIR, 'quittance.db')),
    providers: Object.fromEntries(
      Object.entries(adapters.routers).map(([name, router]) => [
        name,
        remoteProvider(directTransport(router, onUnexpectedError)),
      ]),
    ),
    sandbox: sandbox !== undefined,
    encryptionKey: await encryptionKey(config),
    webhookNetworks: config.WEBHOOK_ALLOWED_NETWORKS,
    clock,
    log,
  });
  const background = await coreApp.start();
  const core = remoteInvoiceCore(directTransport(coreApp.router, onUnexpectedError));
  const gateway = createGateway({
    core,
    log,
    bodyLimitBytes: config.BODY_LIMIT_BYTES,
    metricsToken: config.METRICS_TOKEN,
    publicUrl: config.PUBLIC_URL,
    trustProxy: config.TRUST_PROXY,
    qrUrl: config.QR_URL,
  });
  const server = await listen(toListener(gateway), { host: config.HOST, port });

  sandbox?.ensureStripeWebhookEndpoint({
    url: `${server.url}/webhooks/stripe`,
    secret: webhookSecret,
  });
  const demo =
    sandbox &&
    (await ensureDemoAccount(core, config.DATA_DIR, {
      gatewayUrl: server.url,
      sandboxUrl: sandbox.url,
      webhookSecret,
      sellerPin,
    }));

  await adapters.start();

  return {
    gatewayUrl: server.url,
    sandboxUrl: sandbox?.url,
    demo,
    close: async () => {
      await adapters.stop();
      await server.close();
      await background.stop();
      await coreApp.close();
      await sandbox?.close();
    },
  };
};
