import { createAskingProvider } from './asking-provider.ts';
import { paymentProviderSuite } from './payment-provider-suite.ts';

paymentProviderSuite('in memory, asking before it takes money', () => {
  // The end of the URL belongs to the other flow.
  const { webhookToken: _, ...subject } = createAskingProvider();
  return Promise.resolve({ ...subject, lacks: ['keys', 'customers', 'signed_bodies'] });
});

paymentProviderSuite('in memory, with hints that name a flow or an invoice', () =>
  Promise.resolve({
    ...createAskingProvider({ flow: 'telegram.bots_business' }),
    lacks: ['keys', 'customers', 'signatures'],
  }),
);
