import { Stripe } from 'stripe';
import type { HubUnderTest } from './hub-under-test.ts';

/** What goes wrong, by seed: webhooks told twice, in another order or late; calls that fail, before and after. */
export const faultsOf = (seed: number) => ({
  seed,
  webhook_delay_ms: 50,
  probabilities: {
    webhook_duplicate: 0.2,
    webhook_reorder: 0.2,
    webhook_drop: 0.1,
    server_error: 0.02,
    server_error_after: 0.02,
    drop_after: 0.02,
    rate_limit: 0.02,
  },
});

export const minutes = 60_000;
export const days = 24 * 60 * minutes;

/** Tells the sandbox what to do. */
export const control = async (
  { demo }: HubUnderTest,
  path: 'faults' | 'clock',
  method: 'PUT' | 'POST' | 'DELETE',
  body?: object,
): Promise<void> => {
  const response = await fetch(`${demo.sandboxUrl}/_sandbox/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(await response.text());
};

export const advance = (hub: HubUnderTest, ms: number): Promise<void> =>
  control(hub, 'clock', 'POST', { advance_ms: ms });

/** Asks the hub until it is answered for good: 2xx, or a refusal. */
export const insist = async (
  hub: HubUnderTest,
  path: string,
  { key, body, headers }: { key: string; body: object; headers?: Record<string, string> },
): Promise<{ status: number; body: unknown }> => {
  const answer = await hub.call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key, ...headers },
    body: JSON.stringify(body),
  });
  return answer.status < 500
    ? answer
    : insist(hub, path, { key, body, ...(headers && { headers }) });
};

/** The official SDK, as patient as whoever pays or works in the dashboard. */
export const patientStripe = ({ demo }: HubUnderTest): Stripe =>
  new Stripe('sk_test_payer', {
    host: '127.0.0.1',
    port: new URL(demo.sandboxUrl).port,
    protocol: 'http',
    maxNetworkRetries: 5,
    telemetry: false,
  });
