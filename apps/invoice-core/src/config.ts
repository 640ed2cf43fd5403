import { ProviderName } from '@quittance/contracts';
import {
  commaSeparated,
  type Environment,
  logLevel,
  parseConfig,
  portNumber,
  secret,
} from '@quittance/runtime';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';

const keyBytes = 32;

const encryptionKey = z
  .base64({ error: 'must be base64' })
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === keyBytes, { error: `must be ${keyBytes} bytes` });

const networks = commaSeparated.refine((all) => all.every((one) => ipaddr.isValidCIDR(one)), {
  error: 'must be networks like 10.0.0.0/8',
});

type AdapterUrlKey = `${Uppercase<ProviderName>}_ADAPTER_URL`;

const adapterUrl = z.url().optional();

/** The variable that says where a provider's adapter is. */
export const adapterUrlKey = (name: ProviderName) =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `toUpperCase` does what `Uppercase` says
  `${name.toUpperCase()}_ADAPTER_URL` as AdapterUrlKey;

/** One for every provider; a hub need not have all of them. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every name has its key, which `fromEntries` cannot know
const adapterUrls = Object.fromEntries(
  ProviderName.options.map((name) => [adapterUrlKey(name), adapterUrl]),
) as Record<AdapterUrlKey, typeof adapterUrl>;

const hasAdapter = (config: Partial<Record<AdapterUrlKey, string | undefined>>): boolean =>
  ProviderName.options.some((name) => config[adapterUrlKey(name)] !== undefined);

export const configSchema = z
  .object({
    HOST: z.string().default('127.0.0.1'),
    PORT: portNumber.default(3001),
    /** Where the database is; made if it does not exist. */
    DATABASE_FILE: z.string().default('./data/quittance.db'),
    ...adapterUrls,
    /** Whether the providers are emulated. What was made in the sandbox never reaches a real provider. */
    SANDBOX: z.stringbool().default(false),
    SERVICE_TOKEN: secret,
    /** What secrets of others are encrypted with in the database: base64 of 32 bytes. */
    ENCRYPTION_KEY: encryptionKey,
    /** Networks that webhooks may be sent to although they are not public: comma-separated CIDRs. */
    WEBHOOK_ALLOWED_NETWORKS: networks.default([]),
    /** The clock that a sandboxed hub shares; system time when absent. */
    SANDBOX_CLOCK_FILE: z.string().optional(),
    LOG_LEVEL: logLevel.default('info'),
  })
  .refine(hasAdapter, { path: ['<PROVIDER>_ADAPTER_URL'], error: 'at least one is needed' });
export type Config = z.infer<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseConfig(configSchema, env);
