import { remoteInvoiceCore } from '@quittance/contracts';
import { createRpcListener, httpTransport } from '@quittance/rpc';
import { clockOf, createLogger, listen, runProcess } from '@quittance/runtime';
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';

await runProcess(async () => {
  const config = loadConfig(process.env);
  const log = createLogger('bitsby-adapter', config.LOG_LEVEL);
  const serviceToken = config.SERVICE_TOKEN;
  const core = httpTransport({ url: config.CORE_URL, serviceToken });
  const { router } = createApp({
    config,
    pace: remoteInvoiceCore(core.transport).pace,
    clock: clockOf(config.SANDBOX_CLOCK_FILE),
  });
  const listener = createRpcListener(router, {
    serviceToken,
    onUnexpectedError: (error, path) => log.error({ err: error, path }),
  });
  const server = await listen(listener, { host: config.HOST, port: config.PORT });
  log.info({ url: server.url }, 'listening');
  return {
    close: async () => {
      await server.close();
      await core.close();
    },
  };
});
