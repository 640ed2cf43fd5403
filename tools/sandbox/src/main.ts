import { createLogger, listen, runProcess, systemClock } from '@quittance/runtime';
import { createSandbox } from './app.ts';
import { loadConfig } from './config.ts';

await runProcess(async () => {
  const config = loadConfig(process.env);
  const log = createLogger('sandbox', config.LOG_LEVEL);
  const sandbox = createSandbox({ config, clock: systemClock, log });
  const server = await listen(sandbox.listener, { host: config.HOST, port: config.SANDBOX_PORT });
  log.info({ url: server.url }, 'listening');
  return {
    close: async () => {
      const closed = server.close();
      await sandbox.close();
      await closed;
    },
  };
});
