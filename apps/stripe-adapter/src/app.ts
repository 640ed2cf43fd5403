import {
  createProviderRouter,
  type PaymentProvider,
  type ProviderRouter,
} from '@quittance/contracts';
import type { Clock } from '@quittance/runtime';
import { Stripe } from 'stripe';
import type { StripeConfig } from './config.ts';
import { createStripeProvider } from './provider.ts';

export interface App {
  provider: PaymentProvider;
  router: ProviderRouter;
}

/** The SDK's own retries, with the same idempotency key, for what fails in passing. */
const maxNetworkRetries = 1;

const connect = ({
  STRIPE_API_URL,
  STRIPE_SECRET_KEY,
  STRIPE_TIMEOUT_MS,
}: StripeConfig): Stripe => {
  const url = new URL(STRIPE_API_URL);
  const protocol = url.protocol === 'http:' ? 'http' : 'https';
  return new Stripe(STRIPE_SECRET_KEY, {
    host: url.hostname,
    port: url.port || (protocol === 'http' ? 80 : 443),
    protocol,
    timeout: STRIPE_TIMEOUT_MS,
    maxNetworkRetries,
    telemetry: false,
  });
};

export const createApp = ({ config, clock }: { config: StripeConfig; clock: Clock }): App => {
  const provider = createStripeProvider({
    stripe: connect(config),
    webhookSecrets: config.STRIPE_WEBHOOK_SECRET,
    clock,
  });
  return { provider, router: createProviderRouter(provider) };
};
