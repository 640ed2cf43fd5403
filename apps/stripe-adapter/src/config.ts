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
  /** How long one call of the port may take altogether, with all its requests to Stripe and their retries, in ms. */
  STRIPE_TIMEOUT_MS: z.coerce.number().int().positive().default(10_000),
  /** How many requests at once go to each endpoint of Stripe, which limits them (25 a second each in a sandbox). */
  STRIPE_CONCURRENCY: z.coerce.number().int().positive().default(20),
});
export type StripeConfig = z.infer<typeof stripeConfigSchema>;

const isRealStripe = ({ STRIPE_SECRET_KEY, STRIPE_API_URL }: StripeConfig): boolean =>
  /^[rs]k_live_/.test(STRIPE_SECRET_KEY) || new URL(STRIPE_API_URL).hostname === 'api.stripe.com';

export const configSchema = stripeConfigSchema
  .extend({
    HOST: z.string().default('127.0.0.1'),
    PORT: portNumber.default(3002),
    SERVICE_TOKEN: secret,
    /** The clock that a sandboxed hub shares; system time when absent. */
    SANDBOX_CLOCK_FILE: z.string().optional(),
    LOG_LEVEL: logLevel.default('info'),
  })
  .superRefine((config, context) => {
    if (config.SANDBOX_CLOCK_FILE === undefined || !isRealStripe(config)) return;
    // Whoever could write the file could make the adapter take webhooks of any age.
    const message = 'is for emulated Stripe only';
    context.addIssue({ code: 'custom', path: ['SANDBOX_CLOCK_FILE'], message });
  });
export type Config = z.infer<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseConfig(configSchema, env);
