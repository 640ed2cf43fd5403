import type { InvoiceCore } from '@quittance/contracts';
import type { Clock, Logger } from '@quittance/runtime';
import type { CallbackQueryContext, ChatTypeContext, CommandContext, Context } from 'grammy/web';
import type { TelegramConfig } from '../config.ts';

/** What of invoice-core the bot and its updates need. */
export interface BotCore {
  identities: Pick<InvoiceCore['identities'], 'userOfTelegram' | 'setPin'>;
  invoices: Pick<InvoiceCore['invoices'], 'held' | 'list'>;
  webhooks: InvoiceCore['webhooks'];
}

/** What the bot's commands work with. */
export interface BotDeps {
  core: BotCore;
  config: TelegramConfig;
  clock: Clock;
  log: Logger;
}

type PrivateContext = ChatTypeContext<Context, 'private'>;
/** A command that one person has sent to the bot. */
export type Command = CommandContext<PrivateContext>;
/** A button of the bot that one person has pressed. */
export type ButtonPress = CallbackQueryContext<PrivateContext>;
