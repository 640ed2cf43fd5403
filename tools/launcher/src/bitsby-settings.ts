import type { BitsbyConfig } from '@quittance/bitsby-adapter/config';
import type { Config } from './config.ts';

/** The API key of the hub's own account at emulated Bitsby. */
export const sandboxApiKey = 'SandboxBitsbyKeyOfTheHub';

/** Points the adapter at the real Bitsby, or at the sandbox; undefined for a hub that has neither. */
export const bitsbySettings = (
  config: Config,
  sandbox: { url: string } | undefined,
): BitsbyConfig | undefined => {
  const apiKey = config.BITSBY_API_KEY ?? (sandbox && sandboxApiKey);
  if (apiKey === undefined) return undefined;
  return {
    BITSBY_API_KEY: apiKey,
    BITSBY_API_URL: sandbox?.url ?? config.BITSBY_API_URL,
    BITSBY_PACE_MS: config.BITSBY_PACE_MS,
    BITSBY_PATIENCE_MS: config.BITSBY_PATIENCE_MS,
    BITSBY_TIMEOUT_MS: config.BITSBY_TIMEOUT_MS,
    BITSBY_DOUBT_MS: config.BITSBY_DOUBT_MS,
  };
};
