import { type Environment, logLevel, parseConfig, portNumber, secret } from '@quittance/runtime';
import { z } from 'zod';

export const configSchema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: portNumber.default(3001),
  /** Where the database is; made if it does not exist. */
  DATABASE_FILE: z.string().default('./data/quittance.db'),
  STRIPE_ADAPTER_URL: z.url(),
  /** Whether the providers are emulated. What was made in the sandbox never reaches a real provider. */
  SANDBOX: z.stringbool().default(false),
  SERVICE_TOKEN: secret,
  /** The clock that a sandboxed hub shares; system time when absent. */
  SANDBOX_CLOCK_FILE: z.string().optional(),
  LOG_LEVEL: logLevel.default('info'),
});
export type Config = z.infer<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseConfig(configSchema, env);
