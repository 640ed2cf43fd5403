import {
  createProviderRouter,
  type PaymentProvider,
  type ProviderRouter,
} from '@quittance/contracts';
import type { Clock } from '@quittance/runtime';
import type { StripeConfig } from './config.ts';
import { createStripeProvider } from './provider.ts';

export interface App {
  provider: PaymentProvider;
  router: ProviderRouter;
}

export const createApp = (deps: { config: StripeConfig; clock: Clock }): App => {
  const provider = createStripeProvider(deps);
  return { provider, router: createProviderRouter(provider) };
};
