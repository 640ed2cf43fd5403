import { join } from 'node:path';
import { logLevel, parseConfig, portNumber, type Environment } from '@quittance/runtime';
import { z } from 'zod';

/** The environment variables that the sandbox reads. */
export const Config = z
  .object({
    HOST: z.string().default('127.0.0.1'),
    SANDBOX_PORT: portNumber.default(3100),
    DATA_DIR: z.string().optional(),
    SANDBOX_FAULT_SEED: z.coerce.number().int().optional(),
    SANDBOX_LATENCY_MS: z.coerce.number().int().min(0).default(0),
    STRIPE_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
    STRIPE_WEBHOOK_SECRET: z.string().min(16, 'must be at least 16 characters').optional(),
    LOG_LEVEL: logLevel.default('info'),
  })
  .superRefine((config, context) => {
    const url = config.STRIPE_WEBHOOK_URL !== undefined;
    if (url === (config.STRIPE_WEBHOOK_SECRET !== undefined)) return;
    context.addIssue({
      code: 'custom',
      path: [url ? 'STRIPE_WEBHOOK_SECRET' : 'STRIPE_WEBHOOK_URL'],
      message: 'STRIPE_WEBHOOK_URL and STRIPE_WEBHOOK_SECRET are given together or not at all',
    });
  });

export type Config = z.infer<typeof Config>;

/** Where a sandbox with this `DATA_DIR` keeps its clock, for those who follow it. */
export const clockFileIn = (dataDir: string): string => join(dataDir, 'sandbox-clock.json');

export const loadConfig = (env: Environment): Config => parseConfig(Config, env);
