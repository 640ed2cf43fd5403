import { type Environment, logLevel, parseConfig, portNumber, secret } from '@quittance/runtime';
import { z } from 'zod';

export const configSchema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: portNumber.default(3000),
  CORE_URL: z.url(),
  SERVICE_TOKEN: secret,
  /** The largest request body that is read. */
  BODY_LIMIT_BYTES: z.coerce.number().int().positive().default(1_048_576),
  /** What `/metrics` is read with, as `Authorization: Bearer <token>`; without it there is no such route. */
  METRICS_TOKEN: secret.optional(),
  LOG_LEVEL: logLevel.default('info'),
});
export type Config = z.infer<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseConfig(configSchema, env);
