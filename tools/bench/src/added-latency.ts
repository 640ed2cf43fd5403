import { Stripe } from 'stripe';
import { closedLoop } from './load/closed-loop.ts';
import { warmedUp } from './load/paced.ts';
import type { Effort } from './options.ts';
import { post } from './processes/http.ts';
import { median, quantile } from './statistics.ts';
import { stripeKey } from './subjects/emulator.ts';
import type { HubSubject } from './subjects/hub.ts';

export interface AddedLatency {
  concurrency: number;
  direct: { p50: number; p99: number };
  hub: { p50: number; p99: number };
}

/** What a merchant does who has no hub: the official SDK, a customer, and the same parameters as the hub's. */
const directCall = async (emulatorUrl: string): Promise<() => Promise<unknown>> => {
  const { hostname, port } = new URL(emulatorUrl);
  const stripe = new Stripe(stripeKey, {
    host: hostname,
    port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
  const customer = await stripe.customers.create({ name: 'Bench' });
  let count = 0;
  return () => {
    count += 1;
    return stripe.paymentIntents.create(
      {
        amount: 2050,
        currency: 'usd',
        customer: customer.id,
        automatic_payment_methods: { enabled: true, allow_redirects: 'always' },
        metadata: { invoice_id: String(count), user: '1' },
      },
      { idempotencyKey: `bench-${customer.id}-${count}` },
    );
  };
};

const percentiles = (latencies: readonly number[]): AddedLatency['hub'] => ({
  p50: median(latencies),
  p99: quantile(latencies, 0.99),
});

/** Calls the provider directly and through the hub, in turns, so that both meet the same state of the machine. */
export const measureAddedLatency = async (
  { request, emulatorUrl }: HubSubject,
  { concurrency, effort }: { concurrency: number; effort: Effort },
): Promise<AddedLatency> => {
  const call = await directCall(emulatorUrl);
  const settings = { concurrency, effort };
  const direct = await warmedUp((size) => closedLoop(call, size), settings);
  const throughHub = await warmedUp((size) => closedLoop(() => post(request), size), settings);

  const latencies = { direct: new Array<number>(), hub: new Array<number>() };
  for (let round = 0; round < effort.rounds; round += 1) {
    latencies.direct.push(...(await direct()).latencies);
    latencies.hub.push(...(await throughHub()).latencies);
  }
  return {
    concurrency,
    direct: percentiles(latencies.direct),
    hub: percentiles(latencies.hub),
  };
};
