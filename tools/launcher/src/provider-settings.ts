import type { BitsbyConfig } from '@quittance/bitsby-adapter/config';
import type { StripeConfig } from '@quittance/stripe-adapter/config';
import { bitsbySettings } from './bitsby-settings.ts';
import type { Config } from './config.ts';
import { stripeSettings } from './stripe-settings.ts';

/** Whether the providers are emulated: all of them, while none has live keys. */
export const isSandboxed = ({ STRIPE_SECRET_KEY, BITSBY_API_KEY }: Config): boolean =>
  STRIPE_SECRET_KEY === undefined && BITSBY_API_KEY === undefined;

/** What each adapter is told; a provider without keys is not there in a hub that has keys of another. */
export interface ProviderSettings {
  stripe?: StripeConfig;
  bitsby?: BitsbyConfig;
}

export const providerSettings = (
  config: Config,
  sandbox: { url: string; webhookSecret: string } | undefined,
): ProviderSettings => {
  const stripe = stripeSettings(config, sandbox);
  const bitsby = bitsbySettings(config, sandbox);
  return { ...(stripe && { stripe }), ...(bitsby && { bitsby }) };
};
