import type { StripeConfig } from '@quittance/stripe-adapter/config';
import type { Config } from './config.ts';
import { newWebhookSecret, readKnownCredentials } from './demo-credentials.ts';

/** The webhook secret that emulated Stripe signs with: the one that the data folder remembers, else a new one. */
export const sandboxWebhookSecret = async (dataDir: string): Promise<string> =>
  (await readKnownCredentials(dataDir)).stripe?.webhookSecret ?? newWebhookSecret();

export const isStripeEmulated = ({ STRIPE_SECRET_KEY }: Config): boolean =>
  STRIPE_SECRET_KEY === undefined;

/** Points the adapter at the real Stripe, or at the sandbox where there is one. */
export const stripeSettings = (
  config: Config,
  sandbox: { url: string; webhookSecret: string } | undefined,
): StripeConfig => ({
  STRIPE_SECRET_KEY: config.STRIPE_SECRET_KEY ?? 'sk_test_sandbox',
  STRIPE_WEBHOOK_SECRET: config.STRIPE_WEBHOOK_SECRET ?? (sandbox ? [sandbox.webhookSecret] : []),
  STRIPE_API_URL: sandbox?.url ?? config.STRIPE_API_URL,
  STRIPE_TIMEOUT_MS: config.STRIPE_TIMEOUT_MS,
  STRIPE_CONCURRENCY: config.STRIPE_CONCURRENCY,
});
