import { createProviderRouter, remoteProvider } from '@quittance/contracts';
import { directTransport } from '@quittance/rpc';
import { createMemoryProvider } from './memory-provider.ts';
import { paymentProviderSuite } from './payment-provider-suite.ts';

paymentProviderSuite('in memory', () => Promise.resolve(createMemoryProvider()));

paymentProviderSuite('in memory, over a direct transport', () => {
  const memory = createMemoryProvider();
  const router = createProviderRouter(memory.provider);
  const provider = remoteProvider(directTransport(router, (error) => console.error(error)));
  return Promise.resolve({ ...memory, provider });
});
