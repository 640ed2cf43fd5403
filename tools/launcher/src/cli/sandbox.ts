import { Stripe } from 'stripe';
import { readKnownCredentials } from '../demo-credentials.ts';
import type { Cli } from './cli.ts';
import { Failure } from './failure.ts';
import { reasonOf } from './hub-api.ts';
import { loadCliConfig } from './settings.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

const isSamePlace = (one: string, other: string): boolean => {
  const [a, b] = [new URL(one), new URL(other)];
  const isOneHost =
    a.hostname === b.hostname || (loopback.has(a.hostname) && loopback.has(b.hostname));
  return isOneHost && a.port === b.port;
};

const emulatorAt = (sandboxUrl: string): Stripe => {
  const { hostname, port } = new URL(sandboxUrl);
  return new Stripe('sk_test_cli', {
    host: hostname,
    port,
    protocol: 'http',
    maxNetworkRetries: 2,
    telemetry: false,
  });
};

/**
 * The emulated Stripe that a hub collects through. One that tells another hub of its payments is none: what is made at
 * this hub might then reach the real Stripe. @throws Failure where there is none
 */
export const sandboxOf = async (
  { env }: Pick<Cli, 'env'>,
  { hubUrl, sandboxUrl }: { hubUrl: string; sandboxUrl?: string | undefined },
): Promise<Stripe> => {
  const url = sandboxUrl ?? (await readKnownCredentials(loadCliConfig(env).DATA_DIR)).sandboxUrl;
  if (url === undefined) {
    throw new Failure(
      `Events can be triggered in a sandbox only, and none is known of ${hubUrl}: start one with npm start without ` +
        'live keys, or say where it is with --sandbox-url.',
    );
  }
  const stripe = emulatorAt(url);
  const endpoints = await stripe.webhookEndpoints.list().catch((error: unknown) => {
    throw new Failure(
      `Events can be triggered in a sandbox only, and that at ${url} does not answer: ${reasonOf(error)}`,
    );
  });
  if (endpoints.data.some((endpoint) => isSamePlace(endpoint.url, hubUrl))) return stripe;
  throw new Failure(
    `Events can be triggered in a sandbox only, and that at ${url} is not of ${hubUrl}.`,
  );
};
