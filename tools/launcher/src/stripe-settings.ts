import type { StripeConfig } from '@quittance/stripe-adapter/config';
import type { Config } from './config.ts';
import { newWebhookSecret, readKnownCredentials } from './demo-credentials.ts';

/** The webhook secret that emulated Stripe signs with: the one that the data folder remembers, else a new one. */
export const sandboxWebhookSecret = async (dataDir: string): Promise<string> =>
  (await readKnownCredentials(dataDir)).stripe?.webhookSecret ?? newWebhookSecret();

/** Points the adapter at the real Stripe, or at the sandbox; undefined for a hub that has neither. */
export const stripeSettings = (
  config: Config,
  sandbox: { url: string; webhookSecret: string } | undefined,
): StripeConfig | undefined => {
  const secretKey = config.STRIPE_SECRET_KEY ?? (sandbox && 'sk_test_sandbox');
  if (secretKey === undefined) return undefined;
  return {
    STRIPE_SECRET_KEY: secretKey,
    STRIPE_WEBHOOK_SECRET: sandbox ? [sandbox.webhookSecret] : (config.STRIPE_WEBHOOK_SECRET ?? []),
    STRIPE_API_URL: sandbox?.url ?? config.STRIPE_API_URL,
    STRIPE_TIMEOUT_MS: config.STRIPE_TIMEOUT_MS,
    STRIPE_CONCURRENCY: config.STRIPE_CONCURRENCY,
  };
};
