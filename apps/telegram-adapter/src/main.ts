import { remoteInvoiceCore } from '@quittance/contracts';
import { createRpcListener, httpTransport } from '@quittance/rpc';
import { clockOf, createLogger, listen, runProcess } from '@quittance/runtime';
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';

await runProcess(async () => {
  const config = loadConfig(process.env);
  const log = createLogger('telegram-adapter', config.LOG_LEVEL);
  const link = httpTransport({ url: config.CORE_URL, serviceToken: config.SERVICE_TOKEN });
  const { router, start, stop } = createApp({
    config,
    core: remoteInvoiceCore(link.transport),
    clock: clockOf(config.SANDBOX_CLOCK_FILE),
    log,
  });
  const listener = createRpcListener(router, {
    serviceToken: config.SERVICE_TOKEN,
    onUnexpectedError: (error, path) => log.error({ err: error, path }),
  });
  const server = await listen(listener, { host: config.HOST, port: config.PORT });
  log.info({ url: server.url }, 'listening');
  await start();
  return {
    close: async () => {
      await stop();
      await server.close();
      await link.close();
    },
  };
});
