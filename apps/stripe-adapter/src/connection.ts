import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Stripe } from 'stripe';
import type { StripeConfig } from './config.ts';
import { createHttpClient } from './http-client.ts';
import { createPortCalls, type PortCalls } from './port-call.ts';
import { realTiming, type Timing } from './timing.ts';

export interface Connection {
  stripe: Stripe;
  run: PortCalls['run'];
  /** False from when Stripe's host was found dead until it has answered again. */
  isReachable: () => boolean;
}

export const connect = (
  {
    STRIPE_API_URL,
    STRIPE_CONCURRENCY,
    STRIPE_SECRET_KEY,
    STRIPE_TIMEOUT_MS,
  }: Omit<StripeConfig, 'STRIPE_WEBHOOK_SECRET'>,
  timing: Timing = realTiming,
): Connection => {
  const url = new URL(STRIPE_API_URL);
  const protocol = url.protocol === 'http:' ? 'http' : 'https';
  // The SDK's timeout begins when a connection is there; the agent's covers making it.
  const Agent = protocol === 'http' ? HttpAgent : HttpsAgent;
  const agent = new Agent({ keepAlive: true, timeout: STRIPE_TIMEOUT_MS });
  const { current, run } = createPortCalls(STRIPE_TIMEOUT_MS, timing);
  const { httpClient, isReachable } = createHttpClient(
    Stripe.createNodeHttpClient(agent),
    current,
    { concurrency: STRIPE_CONCURRENCY, timing },
  );
  const stripe = new Stripe(STRIPE_SECRET_KEY, {
    host: url.hostname,
    port: url.port || (protocol === 'http' ? 80 : 443),
    protocol,
    timeout: STRIPE_TIMEOUT_MS,
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient,
  });
  return { stripe, run, isReachable };
};
