import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderName, remoteInvoiceCore } from '@quittance/contracts';
import { httpTransport } from '@quittance/rpc';
import { createLogger, type Environment, httpUrl } from '@quittance/runtime';
import { clockFileIn } from '@quittance/sandbox/config';
import type { Config } from './config.ts';
import { makeDataFolder } from './data-folder.ts';
import { ensureDemoAccount } from './demo-account.ts';
import { encryptionKey } from './encryption-key.ts';
import { freePort } from './free-port.ts';
import { isSandboxed, providerSettings } from './provider-settings.ts';
import type { RunningHub } from './running-hub.ts';
import { serviceEnvironment } from './service-environment.ts';
import { sandboxWebhookSecret } from './stripe-settings.ts';
import { sandboxSellerPin } from './telegram-settings.ts';
import { supervise, type Supervised } from './supervise.ts';

const internalHost = '127.0.0.1';
const startTimeoutMs = 20_000;

const programs = {
  gateway: 'apps/gateway',
  'invoice-core': 'apps/invoice-core',
  'stripe-adapter': 'apps/stripe-adapter',
  'bitsby-adapter': 'apps/bitsby-adapter',
  'telegram-adapter': 'apps/telegram-adapter',
  sandbox: 'tools/sandbox',
} as const;
type ServiceName = keyof typeof programs;

const adapterOf = (name: ProviderName): `${ProviderName}-adapter` => `${name}-adapter`;

/** Settings as a service reads them: lists with commas. */
const asEnvironment = (settings: object): Environment =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, [value].flat().join(',')]),
  );

/** Where a service's program is: its sources. */
export const sourceProgram = (name: ServiceName): string =>
  fileURLToPath(new URL(`../../../${programs[name]}/src/main.ts`, import.meta.url));

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

const untilAnswering = async (urls: readonly string[]): Promise<void> => {
  const deadline = Date.now() + startTimeoutMs;
  for (const url of urls) {
    while (!(await answers(url))) {
      if (Date.now() > deadline) throw new Error(`${url} does not answer`);
      await sleep(20);
    }
  }
};

export interface RunningServices extends RunningHub {
  /** The process of each service, for those who want to see what happens when it dies. */
  services: Readonly<Partial<Record<ServiceName, Supervised>>>;
}

/**
 * Runs each service in a process of its own, supervised, joined over HTTP with a service token.
 * @param programOf the file that a service is started from
 */
export const startServices = async (
  config: Config,
  env: Environment,
  programOf: (name: ServiceName) => string = sourceProgram,
): Promise<RunningServices> => {
  const log = createLogger('launcher', config.LOG_LEVEL);
  const serviceToken = config.SERVICE_TOKEN ?? randomBytes(32).toString('base64url');
  await makeDataFolder(config.DATA_DIR);
  const key = await encryptionKey(config);
  const webhookSecret = await sandboxWebhookSecret(config.DATA_DIR);
  const sellerPin = await sandboxSellerPin(config.DATA_DIR);
  const [port, sandboxPort, corePort] = await Promise.all([
    freePort(config.PORT, config.HOST),
    freePort(config.SANDBOX_PORT, config.HOST),
    freePort(),
  ]);
  const gatewayUrl = httpUrl(config.HOST, port);
  const coreUrl = httpUrl(internalHost, corePort);
  const sandboxUrl = isSandboxed(config) ? httpUrl(config.HOST, sandboxPort) : undefined;

  const run = (name: ServiceName, own: Environment): Supervised =>
    supervise(programOf(name), {
      name,
      log,
      env: serviceEnvironment(env, {
        HOST: internalHost,
        LOG_LEVEL: config.LOG_LEVEL,
        SERVICE_TOKEN: serviceToken,
        // Decided here alone: with the real Stripe there is no clock to follow, whatever the environment says.
        SANDBOX_CLOCK_FILE: sandboxUrl === undefined ? undefined : clockFileIn(config.DATA_DIR),
        ...own,
      }),
    });

  const settings = providerSettings(config, {
    sandbox: sandboxUrl === undefined ? undefined : { url: sandboxUrl, webhookSecret, sellerPin },
    gatewayUrl,
  });
  const adapters = await Promise.all(
    ProviderName.options
      .filter((name) => settings[name])
      .map(async (name) => ({ name, own: settings[name] ?? {}, port: await freePort() })),
  );
  const services: RunningServices['services'] = {
    ...(sandboxUrl !== undefined && {
      sandbox: run('sandbox', {
        HOST: config.HOST,
        SANDBOX_PORT: String(sandboxPort),
        DATA_DIR: config.DATA_DIR,
        STRIPE_WEBHOOK_URL: `${gatewayUrl}/webhooks/stripe`,
        STRIPE_WEBHOOK_SECRET: webhookSecret,
      }),
    }),
    ...Object.fromEntries(
      adapters.map(({ name, own, port: adapterPort }) => [
        adapterOf(name),
        run(adapterOf(name), {
          ...asEnvironment(own),
          PORT: String(adapterPort),
          CORE_URL: coreUrl,
        }),
      ]),
    ),
    'invoice-core': run('invoice-core', {
      PORT: String(corePort),
      DATABASE_FILE: join(config.DATA_DIR, 'quittance.db'),
      ...Object.fromEntries(
        adapters.map(({ name, port: adapterPort }) => [
          `${name.toUpperCase()}_ADAPTER_URL`,
          httpUrl(internalHost, adapterPort),
        ]),
      ),
      SANDBOX: String(sandboxUrl !== undefined),
      ENCRYPTION_KEY: key.toString('base64'),
      WEBHOOK_ALLOWED_NETWORKS: config.WEBHOOK_ALLOWED_NETWORKS.join(','),
    }),
    gateway: run('gateway', {
      HOST: config.HOST,
      PORT: String(port),
      CORE_URL: coreUrl,
      METRICS_TOKEN: config.METRICS_TOKEN,
      PUBLIC_URL: config.PUBLIC_URL,
      TRUST_PROXY: String(config.TRUST_PROXY),
      QR_URL: config.QR_URL,
    }),
  };
  const stopInOrder = async (): Promise<void> => {
    const providers = ProviderName.options.map(adapterOf);
    for (const name of ['gateway', 'invoice-core', ...providers, 'sandbox'] as const) {
      await services[name]?.stop();
    }
  };

  try {
    const health = [
      `${gatewayUrl}/readyz`,
      ...adapters.map((one) => `${httpUrl(internalHost, one.port)}/healthz`),
    ];
    await untilAnswering(sandboxUrl === undefined ? health : [...health, `${sandboxUrl}/_sandbox`]);
    const link = httpTransport({ url: coreUrl, serviceToken });
    const demo =
      sandboxUrl === undefined
        ? undefined
        : await ensureDemoAccount(remoteInvoiceCore(link.transport), config.DATA_DIR, {
            gatewayUrl,
            sandboxUrl,
            webhookSecret,
            sellerPin,
          });
    await link.close();
    return { gatewayUrl, sandboxUrl, demo, services, close: stopInOrder };
  } catch (error) {
    await stopInOrder();
    throw error;
  }
};
