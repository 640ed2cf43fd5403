import { remoteProvider } from '@quittance/contracts';
import { createRpcListener, directTransport, httpTransport } from '@quittance/rpc';
import { listen } from '@quittance/runtime';
import { paymentProviderSuite } from '@quittance/testing';
import { openAdapter } from './adapter-under-test.ts';
import type { App } from './app.ts';
import { openBotsBusinessAdapter } from './bots-business-under-test.ts';

const onUnexpectedError = (error: unknown): void => console.error(error);

const overHttp = async ({ router }: App) => {
  const serviceToken = 'a-token-of-this-test';
  const listener = createRpcListener(router, { serviceToken, onUnexpectedError });
  const server = await listen(listener, { host: '127.0.0.1', port: 0 });
  const link = httpTransport({ url: server.url, serviceToken });
  return {
    provider: remoteProvider(link.transport),
    close: async () => {
      await link.close();
      await server.close();
    },
  };
};

const inProcess = ({ router }: App) =>
  Promise.resolve({ provider: remoteProvider(directTransport(router, onUnexpectedError)) });

for (const [flow, open] of [
  ['Telegram Bot API', openAdapter],
  ['Bots.Business', openBotsBusinessAdapter],
] as const) {
  paymentProviderSuite(flow, () => open());
  paymentProviderSuite(`${flow}, in process`, () => open(inProcess));
  paymentProviderSuite(`${flow}, over HTTP`, () => open(overHttp));
}
