import type { Environment } from '@quittance/runtime';

/** Secrets that only the service that needs them is told, by its own settings. */
const secrets = [
  'BOTS_BUSINESS_PIN',
  'BITSBY_API_KEY',
  'ENCRYPTION_KEY',
  'METRICS_TOKEN',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'TELEGRAM_BOT_TOKEN',
  'TELEGRAM_PROVIDER_TOKEN',
] as const;

/** A service's environment: the operator's without secrets of other services, and the service's own settings. */
export const serviceEnvironment = (env: Environment, own: Environment): Environment => ({
  ...env,
  ...Object.fromEntries(secrets.map((name) => [name, undefined])),
  ...own,
});
