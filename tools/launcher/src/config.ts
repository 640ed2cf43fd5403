import { bitsbyConfigSchema } from '@quittance/bitsby-adapter/config';
import { configSchema as gatewayConfig } from '@quittance/gateway/config';
import { configSchema as coreConfig } from '@quittance/invoice-core/config';
import {
  commaSeparated,
  type Environment,
  logLevel,
  parseConfig,
  portNumber,
  secret,
} from '@quittance/runtime';
import { Config as SandboxConfig } from '@quittance/sandbox/config';
import { stripeConfigSchema } from '@quittance/stripe-adapter/config';
import { checkTelegramConfig, telegramConfigSchema } from '@quittance/telegram-adapter/config';
import { z } from 'zod';

const { STRIPE_SECRET_KEY, STRIPE_API_URL, STRIPE_TIMEOUT_MS, STRIPE_CONCURRENCY } =
  stripeConfigSchema.shape;
const {
  BITSBY_API_KEY,
  BITSBY_API_URL,
  BITSBY_PACE_MS,
  BITSBY_PATIENCE_MS,
  BITSBY_TIMEOUT_MS,
  BITSBY_DOUBT_MS,
} = bitsbyConfigSchema.shape;
const { SANDBOX_PORT, SANDBOX_FAULT_SEED, SANDBOX_LATENCY_MS } = SandboxConfig.shape;

/** The configuration of a whole hub. Every service gets its own part of it. */
export const configSchema = z
  .object({
    HOST: z.string().default('127.0.0.1'),
    PORT: portNumber.default(3000),
    DATA_DIR: z.string().default('./data'),
    BODY_LIMIT_BYTES: gatewayConfig.shape.BODY_LIMIT_BYTES,
    METRICS_TOKEN: gatewayConfig.shape.METRICS_TOKEN,
    TRUST_PROXY: gatewayConfig.shape.TRUST_PROXY,
    QR_URL: gatewayConfig.shape.QR_URL,
    /** Shared by the services when each runs in its own process; made anew at each start when absent. */
    SERVICE_TOKEN: secret.optional(),
    /** That of the data folder when absent. */
    ENCRYPTION_KEY: coreConfig.shape.ENCRYPTION_KEY.optional(),
    WEBHOOK_ALLOWED_NETWORKS: coreConfig.shape.WEBHOOK_ALLOWED_NETWORKS,
    LOG_LEVEL: logLevel.default('warn'),
    SANDBOX_PORT,
    SANDBOX_FAULT_SEED,
    SANDBOX_LATENCY_MS,
    /** With keys of any provider nothing is emulated. */
    STRIPE_SECRET_KEY: STRIPE_SECRET_KEY.optional(),
    STRIPE_WEBHOOK_SECRET: commaSeparated.optional(),
    STRIPE_API_URL,
    STRIPE_TIMEOUT_MS,
    STRIPE_CONCURRENCY,
    BITSBY_API_KEY: BITSBY_API_KEY.optional(),
    BITSBY_API_URL,
    BITSBY_PACE_MS,
    BITSBY_PATIENCE_MS,
    BITSBY_TIMEOUT_MS,
    BITSBY_DOUBT_MS,
    ...telegramConfigSchema.shape,
    TELEGRAM_BOT_TOKEN: telegramConfigSchema.shape.TELEGRAM_BOT_TOKEN.optional(),
  })
  .superRefine((config, context) => {
    const { TELEGRAM_BOT_TOKEN } = config;
    if (TELEGRAM_BOT_TOKEN !== undefined) {
      checkTelegramConfig({ ...config, TELEGRAM_BOT_TOKEN }, context);
    }
    for (const [given, missing] of [
      ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'],
      ['STRIPE_WEBHOOK_SECRET', 'STRIPE_SECRET_KEY'],
    ] as const) {
      if (config[given] === undefined || config[missing] !== undefined) continue;
      context.addIssue({ code: 'custom', path: [missing], message: `is needed with ${given}` });
    }
  });
export type Config = z.infer<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseConfig(configSchema, env);
