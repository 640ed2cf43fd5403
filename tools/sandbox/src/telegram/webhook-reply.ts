import type { Logger } from '@quittance/runtime';
import { readArgs, textArg } from './api/args.ts';
import { TelegramError } from './api/errors.ts';
import type { Execute } from './execute.ts';
import type { WebhookReply } from './updates/post-update.ts';

const notCallable = new Set(['setwebhook', 'deletewebhook', 'close', 'logout']);

/**
 * Calls the method that a webhook answered with, if it did. The bot never hears what came of it. Methods that get
 * something and those of the webhook itself are left out. Source: tdlib/telegram-bot-api, `WebhookActor::handle`.
 */
export const createReplyHandler =
  ({ execute, log }: { execute: Execute; log: Logger }) =>
  async (bot: string, { headers, body }: WebhookReply): Promise<void> => {
    try {
      const args = await readArgs({ query: '', headers, body });
      const method = textArg(args, 'method').toLowerCase();
      if (method === '' || notCallable.has(method) || method.startsWith('get')) return;
      await execute(bot, method, args);
    } catch (error) {
      if (!(error instanceof TelegramError)) throw error;
      log.debug(
        { bot, reason: error.message },
        'the method that a webhook replied with was refused',
      );
    }
  };
