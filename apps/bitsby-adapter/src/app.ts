import {
  createProviderRouter,
  type InvoiceCore,
  type PaymentProvider,
  type ProviderRouter,
} from '@quittance/contracts';
import type { Clock } from '@quittance/runtime';
import type { BitsbyConfig } from './config.ts';
import { createBitsbyProvider } from './provider.ts';
import type { Timing } from './timing.ts';

export interface App {
  provider: PaymentProvider;
  router: ProviderRouter;
}

export const createApp = (deps: {
  config: BitsbyConfig;
  pace: InvoiceCore['pace'];
  clock: Clock;
  timing?: Timing;
}): App => {
  const provider = createBitsbyProvider(deps);
  return { provider, router: createProviderRouter(provider) };
};
