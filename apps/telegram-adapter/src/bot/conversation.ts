import type { TelegramUpdate } from '@quittance/contracts/telegram';
import { DomainError } from '@quittance/rpc';
import { BotError, type Bot } from 'grammy/web';
import type { Update } from 'grammy/types';
import { BotApiError, mayPass } from '../errors.ts';
import type { Telegram } from '../telegram-api.ts';
import type { BotDeps } from './bot-deps.ts';
import { checkState } from './check-state.ts';
import { listInvoices } from './list-invoices.ts';
import { setPin } from './set-pin.ts';
import { start } from './start.ts';
import { textsFor } from './texts.ts';

/** What the bot talks about, to one person at a time: in groups it keeps silent. */
const registerCommands = (bot: Bot, deps: BotDeps): void => {
  const { TELEGRAM_SUPPORT, TELEGRAM_TERMS_URL } = deps.config;
  const chat = bot.chatType('private');
  chat.command('start', start(deps));
  chat.command('setpin', setPin(deps));
  chat.command('invoices', listInvoices(deps));
  chat.command('paysupport', async (context) => {
    await context.reply(textsFor(context.from.language_code).support(TELEGRAM_SUPPORT));
  });
  chat.command('terms', async (context) => {
    await context.reply(textsFor(context.from.language_code).terms(TELEGRAM_TERMS_URL));
  });
  chat.callbackQuery(/^check:(.+)$/, checkState(deps));
  chat.on('callback_query', (context) => context.answerCallbackQuery());
  chat.on('message:text', async (context) => {
    await context.reply(textsFor(context.from.language_code).help);
  });
};

/** An update as grammY takes it: it reads what it finds, and what Telegram sent has Telegram's form. */
const asUpdate = (update: TelegramUpdate): Update =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whoever sent it has shown Telegram's secret
  update as unknown as Update;

/** How long somebody is answered after they have said something, in ms: then nobody waits for it any more. */
const patienceMs = 300_000;

/**
 * Answers in the chat. What goes wrong for the moment fails, so that Telegram sends the update again, for as long as
 * somebody may wait for the answer: it holds up what comes after it. Of all else only the log hears.
 * @throws DomainError `unavailable`
 */
export const createConversation = ({ bot, me }: Telegram, deps: BotDeps) => {
  const { clock, log } = deps;
  registerCommands(bot, deps);
  return async (update: TelegramUpdate): Promise<void> => {
    try {
      bot.botInfo = await me();
      await bot.handleUpdate(asUpdate(update));
    } catch (thrown) {
      // grammY's own error carries the whole update, in which there may be a PIN.
      const error = thrown instanceof BotError ? thrown.error : thrown;
      const saidAt = update.message && update.message.date * 1_000;
      const isWaitedFor = saidAt === undefined || clock() - saidAt < patienceMs;
      if (mayPass(error) && isWaitedFor) {
        const retryAfterMs = error instanceof BotApiError ? error.retryAfterMs : undefined;
        const message = 'The bot cannot answer now';
        throw new DomainError('unavailable', message, { retryAfterMs, cause: error });
      }
      log.error({ err: error, updateId: update.update_id }, 'the bot could not answer');
    }
  };
};

export type Converse = ReturnType<typeof createConversation>;
