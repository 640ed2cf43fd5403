import type { TelegramConfig } from '@quittance/telegram-adapter/config';
import { randomInt } from 'node:crypto';
import type { Config } from './config.ts';
import { readKnownCredentials } from './demo-credentials.ts';

/** The bot of a sandboxed hub: emulated Telegram takes any token of the right form. */
const sandboxBotToken = '7001914078:SandboxBotOfTheHub-0000000000000000';

/** Whom emulated BBP pays, and who the demo user is in emulated Telegram. */
export const sandboxSellerId = 700_000_001;

/** Their PIN: the one that the data folder remembers, else a new one. */
export const sandboxSellerPin = async (dataDir: string): Promise<string> =>
  (await readKnownCredentials(dataDir)).telegram?.pin ?? String(randomInt(100_000, 1_000_000));

/** Points the adapter at the real Telegram, or at the sandbox; undefined for a hub that has neither. */
export const telegramSettings = (
  config: Config,
  sandbox: { url: string; sellerPin: string } | undefined,
  gatewayUrl: string,
): TelegramConfig | undefined => {
  const {
    TELEGRAM_BOT_TOKEN: botToken = sandbox && sandboxBotToken,
    TELEGRAM_PROVIDER_TOKEN: providerToken,
    TELEGRAM_CURRENCIES_FILE: currenciesFile,
    TELEGRAM_SUPPORT: support,
    TELEGRAM_TERMS_URL: termsUrl,
    BOTS_BUSINESS_USER_ID: userId = sandbox && sandboxSellerId,
    BOTS_BUSINESS_PIN: pin = sandbox && sandbox.sellerPin,
    PUBLIC_URL: publicUrl = sandbox && gatewayUrl,
  } = config;
  if (botToken === undefined) return undefined;
  return {
    TELEGRAM_BOT_TOKEN: botToken,
    TELEGRAM_API_URL: sandbox?.url ?? config.TELEGRAM_API_URL,
    TELEGRAM_MODE: config.TELEGRAM_MODE,
    TELEGRAM_SEED_FLOW: config.TELEGRAM_SEED_FLOW,
    TELEGRAM_TIMEOUT_MS: config.TELEGRAM_TIMEOUT_MS,
    ...(providerToken !== undefined && { TELEGRAM_PROVIDER_TOKEN: providerToken }),
    ...(currenciesFile !== undefined && { TELEGRAM_CURRENCIES_FILE: currenciesFile }),
    ...(support !== undefined && { TELEGRAM_SUPPORT: support }),
    ...(termsUrl !== undefined && { TELEGRAM_TERMS_URL: termsUrl }),
    ...(publicUrl !== undefined && { PUBLIC_URL: publicUrl }),
    ...(userId !== undefined && { BOTS_BUSINESS_USER_ID: userId }),
    ...(pin !== undefined && { BOTS_BUSINESS_PIN: pin }),
    BOTS_BUSINESS_BOT_ID: config.BOTS_BUSINESS_BOT_ID,
    BOTS_BUSINESS_API_URL: sandbox?.url ?? config.BOTS_BUSINESS_API_URL,
  };
};
