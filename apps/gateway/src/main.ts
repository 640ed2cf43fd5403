import { remoteInvoiceCore } from '@quittance/contracts';
import { httpTransport } from '@quittance/rpc';
import { createLogger, listen, runProcess } from '@quittance/runtime';
import { createApp, toListener } from './app.ts';
import { loadConfig } from './config.ts';

await runProcess(async () => {
  const config = loadConfig(process.env);
  const log = createLogger('gateway', config.LOG_LEVEL);
  const link = httpTransport({ url: config.CORE_URL, serviceToken: config.SERVICE_TOKEN });
  const core = remoteInvoiceCore(link.transport);
  const app = createApp({
    core,
    log,
    bodyLimitBytes: config.BODY_LIMIT_BYTES,
    metricsToken: config.METRICS_TOKEN,
    publicUrl: config.PUBLIC_URL,
    trustProxy: config.TRUST_PROXY,
    qrUrl: config.QR_URL,
  });
  const server = await listen(toListener(app), { host: config.HOST, port: config.PORT });
  log.info({ url: server.url }, 'listening');
  return {
    close: async () => {
      await server.close();
      await link.close();
    },
  };
});
