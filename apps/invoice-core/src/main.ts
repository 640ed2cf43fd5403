import { ProviderName, remoteProvider } from '@quittance/contracts';
import { createRpcListener, httpTransport } from '@quittance/rpc';
import { clockOf, createLogger, listen, runProcess } from '@quittance/runtime';
import { createApp, openSqliteStore } from './app.ts';
import { adapterUrlKey, loadConfig } from './config.ts';

await runProcess(async () => {
  const config = loadConfig(process.env);
  const log = createLogger('invoice-core', config.LOG_LEVEL);
  const serviceToken = config.SERVICE_TOKEN;
  const adapters = ProviderName.options.flatMap((name) => {
    const url = config[adapterUrlKey(name)];
    return url === undefined ? [] : [{ name, ...httpTransport({ url, serviceToken }) }];
  });
  const app = createApp({
    store: await openSqliteStore(config.DATABASE_FILE),
    providers: Object.fromEntries(
      adapters.map(({ name, transport }) => [name, remoteProvider(transport)]),
    ),
    sandbox: config.SANDBOX,
    encryptionKey: config.ENCRYPTION_KEY,
    webhookNetworks: config.WEBHOOK_ALLOWED_NETWORKS,
    clock: clockOf(config.SANDBOX_CLOCK_FILE),
    log,
  });
  const background = await app.start();
  const onUnexpectedError = (error: unknown, path: string) => log.error({ err: error, path });
  const server = await listen(createRpcListener(app.router, { serviceToken, onUnexpectedError }), {
    host: config.HOST,
    port: config.PORT,
  });
  log.info({ url: server.url }, 'listening');
  return {
    close: async () => {
      await server.close();
      await background.stop();
      await app.close();
      for (const adapter of adapters) await adapter.close();
    },
  };
});
