import type { BotsBusiness } from '../bots-business/connection.ts';
import type { TelegramConfig } from '../config.ts';
import { webhookSecret } from '../derived.ts';
import type { PortCalls } from '../port-call.ts';
import { introduceBot } from './introduce-bot.ts';
import { keepTrying } from './keep-trying.ts';
import { poll, type PollingDeps } from './polling.ts';
import { registerBotsBusinessWebhook, registerTelegramWebhook } from './register-webhooks.ts';

/** How updates get here while the adapter runs. */
export const createReception = ({
  config,
  bbp,
  run,
  ...rest
}: Omit<PollingDeps, 'secret'> & {
  config: TelegramConfig;
  bbp: BotsBusiness | undefined;
  run: PortCalls['run'];
}) => {
  const { telegram, timing, log } = rest;
  const { TELEGRAM_BOT_TOKEN: botToken, TELEGRAM_MODE: mode, PUBLIC_URL: gateway } = config;
  const ending = new AbortController();
  const { signal } = ending;
  let polling: Promise<void> | undefined;

  const attempt = (what: string, work: () => Promise<void>): Promise<void> =>
    keepTrying(what, () => run(work), { timing, log, signal });

  return {
    start: async (): Promise<void> => {
      if (mode === 'polling') {
        polling = poll({ ...rest, secret: webhookSecret(botToken) }, signal);
      } else if (gateway !== undefined) {
        await attempt('registering the webhook at Telegram', () =>
          registerTelegramWebhook(telegram, { gateway, botToken }),
        );
      }
      if (bbp && gateway !== undefined) {
        await attempt('registering the webhook at the BBP bot', () =>
          registerBotsBusinessWebhook(bbp, { gateway, botToken, log }),
        );
      }
      await attempt("showing the bot's commands", () => introduceBot(telegram));
    },
    stop: async (): Promise<void> => {
      ending.abort();
      await polling;
    },
  };
};
