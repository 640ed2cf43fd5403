import { StarTransaction } from '@quittance/contracts/telegram';
import type { FindInput, FindResult, OpenInput, PaymentProvider } from '@quittance/contracts';
import type { Clock } from '@quittance/runtime';
import { z } from 'zod';
import type { Converse } from './bot/conversation.ts';
import type { BotsBusiness } from './bots-business/connection.ts';
import { findBotsBusiness } from './bots-business/find.ts';
import { openBotsBusiness } from './bots-business/open.ts';
import { createBotsBusinessReceiver } from './bots-business/webhook.ts';
import type { TelegramConfig } from './config.ts';
import type { Limits } from './currencies.ts';
import { botsBusinessToken, isBotApiRef, webhookSecret } from './derived.ts';
import { describeTelegram } from './description.ts';
import { asking, refused } from './errors.ts';
import { findBotApi } from './find.ts';
import { openBotApi } from './open.ts';
import type { PortCalls } from './port-call.ts';
import { refundStars } from './refund.ts';
import { createStarHistory, pageSize } from './star-history.ts';
import { createStarMovements } from './star-movements.ts';
import type { Telegram } from './telegram-api.ts';
import { createUpdateReceiver } from './webhook.ts';

export interface ProviderDeps {
  config: TelegramConfig;
  limits: Limits;
  clock: Clock;
  telegram: Telegram;
  /** Absent where the adapter was not told whose invoices to make at the BBP bot. */
  bbp: BotsBusiness | undefined;
  converse: Converse;
  run: PortCalls['run'];
}

const nothing: FindResult = { observations: [], customerRef: null };

const Transactions = z.object({ transactions: z.array(StarTransaction) });

export const createTelegramProvider = (deps: ProviderDeps): PaymentProvider => {
  const { config, limits, clock, telegram, bbp, converse, run } = deps;
  const fetchPage = async (offset: number) => {
    const page = await asking(() =>
      telegram.api.raw.getStarTransactions({ offset, limit: pageSize }),
    );
    return Transactions.parse(page).transactions;
  };
  const movementsOf = createStarMovements(createStarHistory(fetchPage));
  const receiveUpdate = createUpdateReceiver({
    secret: webhookSecret(config.TELEGRAM_BOT_TOKEN),
    converse,
  });
  const receiveBotsBusiness = createBotsBusinessReceiver(
    bbp && botsBusinessToken(config.TELEGRAM_BOT_TOKEN, bbp.merchant.userId),
  );

  const open = async (input: OpenInput) => {
    const { options } = input;
    if (options.flow === 'telegram.bot_api') {
      return openBotApi({ telegram, config }, input, options);
    }
    if (options.flow === 'telegram.bots_business' && bbp) {
      return openBotsBusiness({ bbp, clock }, input, options);
    }
    throw refused(`The flow ${options.flow} is not collected here`);
  };

  const findByRef = async (input: Extract<FindInput, { by: 'ref' }>) => {
    if (isBotApiRef(input.ref)) return findBotApi(movementsOf, input);
    return bbp ? findBotsBusiness({ bbp, clock }, input) : nothing;
  };

  return {
    describe: () => Promise.resolve(describeTelegram(config, limits)),
    open: (input) => run(() => open(input)),
    // Neither bot can be asked for what was opened with a key: the one makes the same again, the other cannot tell.
    find: (input) => (input.by === 'ref' ? run(() => findByRef(input)) : Promise.resolve(nothing)),
    act: ({ act }) => Promise.reject(refused(`Telegram has no way to ${act.kind} an invoice`)),
    refund: async (input) => {
      if (isBotApiRef(input.ref)) return run(() => refundStars({ telegram, clock }, input));
      throw refused('The BBP bot has no way to give BB Points back');
    },
    customer: ({ ref }) => Promise.reject(refused(`There is no customer ${ref}`, 'ref')),
    receive: (webhook) =>
      run(() =>
        webhook.token === undefined ? receiveUpdate(webhook) : receiveBotsBusiness(webhook),
      ),
  };
};
