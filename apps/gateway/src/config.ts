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
  /** Where the world reaches the gateway. Without it, links of answers go where the request says that it came to. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Whether `X-Forwarded-Proto` and `X-Forwarded-Host` say where a request came to: only behind a proxy that sets them. */
  TRUST_PROXY: z.stringbool().default(false),
  /** Who draws the QR codes of invoices, such as https://quickchart.io/qr; without it the gateway does. */
  QR_URL: z.url({ protocol: /^https?$/ }).optional(),
  LOG_LEVEL: logLevel.default('info'),
});
export type Config = z.infer<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseConfig(configSchema, env);
