import { createHintingProvider } from './hinting-provider.ts';
import { paymentProviderSuite } from './payment-provider-suite.ts';

paymentProviderSuite('in memory, with webhooks that prove nothing', () =>
  Promise.resolve({
    ...createHintingProvider({ pace: { everyMs: 1_000, patienceMs: 5_000 }, doubtMs: 60_000 }),
    lacks: ['idempotency', 'customers'],
    projectRef: 'project_1',
  }),
);
