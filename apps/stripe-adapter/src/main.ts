import { createRpcListener } from '@quittance/rpc';
import { clockOf, createLogger, listen, runProcess } from '@quittance/runtime';
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';

await runProcess(async () => {
  const config = loadConfig(process.env);
  const log = createLogger('stripe-adapter', config.LOG_LEVEL);
  const { router } = createApp({ config, clock: clockOf(config.SANDBOX_CLOCK_FILE) });
  const listener = createRpcListener(router, {
    serviceToken: config.SERVICE_TOKEN,
    onUnexpectedError: (error, path) => log.error({ err: error, path }),
  });
  const server = await listen(listener, { host: config.HOST, port: config.PORT });
  log.info({ url: server.url }, 'listening');
  return server;
});
