import type { BitsbyConfig } from '@quittance/bitsby-adapter/config';
import type { StripeConfig } from '@quittance/stripe-adapter/config';
import type { TelegramConfig } from '@quittance/telegram-adapter/config';
import { bitsbySettings } from './bitsby-settings.ts';
import type { Config } from './config.ts';
import { stripeSettings } from './stripe-settings.ts';
import { telegramSettings } from './telegram-settings.ts';

/** Whether the providers are emulated: all of them, while none has live keys. */
export const isSandboxed = ({
  STRIPE_SECRET_KEY,
  BITSBY_API_KEY,
  TELEGRAM_BOT_TOKEN,
}: Config): boolean =>
  STRIPE_SECRET_KEY === undefined &&
  BITSBY_API_KEY === undefined &&
  TELEGRAM_BOT_TOKEN === undefined;

/** What each adapter is told; a provider without keys is not there in a hub that has keys of another. */
export interface ProviderSettings {
  stripe?: StripeConfig;
  bitsby?: BitsbyConfig;
  telegram?: TelegramConfig;
}

export const providerSettings = (
  config: Config,
  {
    sandbox,
    gatewayUrl,
  }: {
    sandbox: { url: string; webhookSecret: string; sellerPin: string } | undefined;
    gatewayUrl: string;
  },
): ProviderSettings => {
  const stripe = stripeSettings(config, sandbox);
  const bitsby = bitsbySettings(config, sandbox);
  const telegram = telegramSettings(config, sandbox, gatewayUrl);
  return { ...(stripe && { stripe }), ...(bitsby && { bitsby }), ...(telegram && { telegram }) };
};
