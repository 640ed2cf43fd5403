import { type Environment, logLevel, parseConfig, portNumber, secret } from '@quittance/runtime';
import { z } from 'zod';

/** How to reach Telegram and the BBP bot; also used by the launcher, which runs the adapter in its own process. */
export const telegramConfigSchema = z.object({
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^[1-9]\d{0,15}:[\w-]{35}$/, 'must be a bot token from @BotFather'),
  /** Without its path and without a slash at the end. */
  TELEGRAM_API_URL: z
    .url({ protocol: /^https?$/ })
    .regex(/[^/]$/, 'must not end with a slash')
    .default('https://api.telegram.org'),
  /** From @BotFather, for payments by card; without it the bot takes Stars only. */
  TELEGRAM_PROVIDER_TOKEN: z.string().min(1).optional(),
  /** How updates come: Telegram posts them to the gateway, or the adapter asks for them (one process at a time). */
  TELEGRAM_MODE: z.enum(['webhook', 'polling']).default('webhook'),
  /** Where the world reaches the gateway: with it webhooks are registered at each start. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** The flow of invoices made the way of the Bots.Business API. */
  TELEGRAM_SEED_FLOW: z
    .enum(['telegram.bot_api', 'telegram.bots_business'])
    .default('telegram.bot_api'),
  /** A file in the form of https://core.telegram.org/bots/payments/currencies.json, instead of the table that we have. */
  TELEGRAM_CURRENCIES_FILE: z.string().min(1).optional(),
  /** Whom payers can turn to, as `/paysupport` says it: a @username, an address, a link. */
  TELEGRAM_SUPPORT: z.string().min(1).max(255).optional(),
  /** Where the terms are that `/terms` points to. */
  TELEGRAM_TERMS_URL: z.url().optional(),
  /** How long one call of the port may take altogether, with all its requests, in ms. */
  TELEGRAM_TIMEOUT_MS: z.coerce.number().int().positive().default(10_000),
  /** The Telegram id of whom the BBP bot pays. */
  BOTS_BUSINESS_USER_ID: z.coerce.number().int().positive().optional(),
  /** The PIN that this user has set in the BBP bot. */
  BOTS_BUSINESS_PIN: z
    .string()
    .regex(/^.{4,6}$/, 'must be 4 to 6 characters')
    .optional(),
  BOTS_BUSINESS_BOT_ID: z.string().regex(/^\d+$/).default('1914078'),
  BOTS_BUSINESS_API_URL: z
    .url({ protocol: /^https?$/ })
    .regex(/[^/]$/, 'must not end with a slash')
    .default('https://api.bots.business'),
});
export type TelegramConfig = z.infer<typeof telegramConfigSchema>;

/** What no single setting shows. Part of every schema that these settings are in. */
export const checkTelegramConfig = (
  config: TelegramConfig,
  context: z.core.$RefinementCtx,
): void => {
  const refuse = (name: keyof TelegramConfig, message: string): void =>
    context.addIssue({ code: 'custom', path: [name], message });
  const { BOTS_BUSINESS_USER_ID: userId, BOTS_BUSINESS_PIN: pin } = config;
  const together = 'BOTS_BUSINESS_USER_ID and BOTS_BUSINESS_PIN are given together or not at all';
  if (userId !== undefined && pin === undefined) refuse('BOTS_BUSINESS_PIN', together);
  if (userId === undefined && pin !== undefined) refuse('BOTS_BUSINESS_USER_ID', together);
  // Nobody else could register webhooks, whose secret is derived.
  const isDeaf = config.TELEGRAM_MODE === 'webhook' && config.PUBLIC_URL === undefined;
  if (isDeaf && isRealTelegram(config))
    refuse('PUBLIC_URL', 'is needed with TELEGRAM_MODE webhook');
  if (config.TELEGRAM_SEED_FLOW === 'telegram.bots_business' && userId === undefined) {
    refuse('TELEGRAM_SEED_FLOW', 'needs BOTS_BUSINESS_USER_ID and BOTS_BUSINESS_PIN');
  }
};

export const isRealTelegram = ({ TELEGRAM_API_URL }: TelegramConfig): boolean =>
  new URL(TELEGRAM_API_URL).hostname === 'api.telegram.org';

export const configSchema = telegramConfigSchema
  .extend({
    HOST: z.string().default('127.0.0.1'),
    PORT: portNumber.default(3004),
    SERVICE_TOKEN: secret,
    /** Where invoice-core is, which the bot asks about invoices. */
    CORE_URL: z.url(),
    /** The clock that a sandboxed hub shares; system time when absent. */
    SANDBOX_CLOCK_FILE: z.string().optional(),
    LOG_LEVEL: logLevel.default('info'),
  })
  .superRefine((config, context) => {
    checkTelegramConfig(config, context);
    if (config.SANDBOX_CLOCK_FILE === undefined || !isRealTelegram(config)) return;
    // Whoever could write the file could make invoices expire, or not.
    const message = 'is for emulated Telegram only';
    context.addIssue({ code: 'custom', path: ['SANDBOX_CLOCK_FILE'], message });
  });
export type Config = z.infer<typeof configSchema>;

export const loadConfig = (env: Environment): Config => parseConfig(configSchema, env);
