import { Stripe } from 'stripe';
import type { StripeConfig } from './config.ts';
import { createPortCalls, type PortCalls } from './port-call.ts';

/** The SDK's own retries, with the same idempotency key, for what fails in passing. */
const maxNetworkRetries = 1;

export interface Connection {
  stripe: Stripe;
  run: PortCalls['run'];
}

export const connect = ({
  STRIPE_API_URL,
  STRIPE_SECRET_KEY,
  STRIPE_TIMEOUT_MS,
}: Pick<
  StripeConfig,
  'STRIPE_API_URL' | 'STRIPE_SECRET_KEY' | 'STRIPE_TIMEOUT_MS'
>): Connection => {
  const url = new URL(STRIPE_API_URL);
  const protocol = url.protocol === 'http:' ? 'http' : 'https';
  const { httpClient, run } = createPortCalls(Stripe.createNodeHttpClient(), STRIPE_TIMEOUT_MS);
  const stripe = new Stripe(STRIPE_SECRET_KEY, {
    host: url.hostname,
    port: url.port || (protocol === 'http' ? 80 : 443),
    protocol,
    timeout: STRIPE_TIMEOUT_MS,
    maxNetworkRetries,
    telemetry: false,
    httpClient,
  });
  return { stripe, run };
};
