import {
  createProviderRouter,
  type PaymentProvider,
  type ProviderRouter,
} from '@quittance/contracts';
import type { Clock, Logger } from '@quittance/runtime';
import type { BotCore } from './bot/bot-deps.ts';
import { createConversation } from './bot/conversation.ts';
import { connectBotsBusiness } from './bots-business/connection.ts';
import type { TelegramConfig } from './config.ts';
import { readLimits } from './currencies.ts';
import { createPortCalls } from './port-call.ts';
import { createTelegramProvider } from './provider.ts';
import { connectTelegram } from './telegram-api.ts';
import { realTiming, type Timing } from './timing.ts';
import { createReception } from './updates/reception.ts';

export type { BotCore } from './bot/bot-deps.ts';

export interface App {
  provider: PaymentProvider;
  router: ProviderRouter;
  /** Has updates come in, by webhook or polling. What fails for the moment is gone on with in the background. */
  start: () => Promise<void>;
  /** Ends what `start` began; an update that is being taken is taken to its end. */
  stop: () => Promise<void>;
}

export const createApp = ({
  config,
  core,
  clock,
  log,
  timing = realTiming,
}: {
  config: TelegramConfig;
  core: BotCore;
  clock: Clock;
  log: Logger;
  timing?: Timing;
}): App => {
  const limits = readLimits(config.TELEGRAM_CURRENCIES_FILE);
  const calls = createPortCalls(config.TELEGRAM_TIMEOUT_MS);
  const telegram = connectTelegram(config, calls);
  const { BOTS_BUSINESS_USER_ID: userId, BOTS_BUSINESS_PIN: pin } = config;
  const bbp =
    userId !== undefined && pin !== undefined
      ? connectBotsBusiness(config, { userId, pin }, calls)
      : undefined;
  const converse = createConversation(telegram, { core, config, clock, log });
  const { run } = calls;
  const provider = createTelegramProvider({ config, limits, clock, telegram, bbp, converse, run });
  const reception = createReception({ config, core, clock, log, timing, telegram, bbp, run });
  return { provider, router: createProviderRouter(provider), ...reception };
};
