import { type Environment, logLevel, parseConfig, portNumber, secret } from '@quittance/runtime';
import { z } from 'zod';

/** How to reach Bitsby; also used by the launcher, which runs the adapter in its own process. */
export const bitsbyConfigSchema = z.object({
  BITSBY_API_KEY: secret,
  BITSBY_API_URL: z.url().default('https://api.bitsby.app'),
  /** The least time between two requests, in ms: Bitsby takes one a second of each key. */
  BITSBY_PACE_MS: z.coerce.number().int().positive().max(10_000).default(1_100),
  /** How long a request waits for its turn at most, in ms. */
  BITSBY_PATIENCE_MS: z.coerce.number().int().min(0).max(30_000).default(15_000),
  /** How long the answer to one request may take, in ms. */
  BITSBY_TIMEOUT_MS: z.coerce.number().int().positive().max(20_000).default(10_000),
  /**
   * How long after a try to make an invoice it may still come about, in ms: more than a request waits for its turn and
   * for its answer, which counts where this is less.
   */
  BITSBY_DOUBT_MS: z.coerce.number().int().min(0).max(3_600_000).default(60_000),
});
export type BitsbyConfig = z.infer<typeof bitsbyConfigSchema>;

const isRealBitsby = ({ BITSBY_API_URL }: BitsbyConfig): boolean =>
  /(^|\.)bitsby\.app$/.test(new URL(BITSBY_API_URL).hostname);

export const configSchema = bitsbyConfigSchema
  .extend({
    HOST: z.string().default('127.0.0.1'),
    PORT: portNumber.default(3003),
    /** invoice-core gives the turns. */
    CORE_URL: z.url(),
    SERVICE_TOKEN: secret,
    /** The clock that a sandboxed hub shares; system time when absent. */
    SANDBOX_CLOCK_FILE: z.string().optional(),
    LOG_LEVEL: logLevel.default('info'),
  })
  .superRefine((config, context) => {
    if (config.SANDBOX_CLOCK_FILE === undefined || !isRealBitsby(config)) return;
    // Whoever could write the file could date what Bitsby says as they like.
    const message = 'is for emulated Bitsby only';
    context.addIssue({ code: 'custom', path: ['SANDBOX_CLOCK_FILE'], message });
  });
export type Config = z.infer<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseConfig(configSchema, env);
