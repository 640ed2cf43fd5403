import {
  commaSeparated,
  type Environment,
  logLevel,
  parseConfig,
  portNumber,
  secret,
} from '@quittance/runtime';
import { z } from 'zod';

/** How to reach Stripe; also used by the launcher, which runs the adapter in its own process. */
export const stripeConfigSchema = z.object({
  STRIPE_SECRET_KEY: z.string().regex(/^[rs]k_(test|live)_\w+/, 'must be a Stripe secret key'),
  /** One or, while rotating, several, comma-separated. */
  STRIPE_WEBHOOK_SECRET: commaSeparated,
  STRIPE_API_URL: z.url().default('https://api.stripe.com'),
  /** How long one request to Stripe may take, in ms. */
  STRIPE_TIMEOUT_MS: z.coerce.number().int().positive().default(10_000),
});
export type StripeConfig = z.infer<typeof stripeConfigSchema>;

export const configSchema = stripeConfigSchema.extend({
  HOST: z.string().default('127.0.0.1'),
  PORT: portNumber.default(3002),
  SERVICE_TOKEN: secret,
  LOG_LEVEL: logLevel.default('info'),
});
export type Config = z.infer<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseConfig(configSchema, env);
