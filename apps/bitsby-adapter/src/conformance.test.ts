import { remoteProvider } from '@quittance/contracts';
import { createRpcListener, directTransport, httpTransport } from '@quittance/rpc';
import { listen } from '@quittance/runtime';
import { paymentProviderSuite } from '@quittance/testing';
import { openAdapter } from './adapter-under-test.ts';
import type { App } from './app.ts';

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

paymentProviderSuite('Bitsby invoices', () => openAdapter());
paymentProviderSuite('Bitsby invoices, in process', () => openAdapter(inProcess));
paymentProviderSuite('Bitsby invoices, over HTTP', () => openAdapter(overHttp));
