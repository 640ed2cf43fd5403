import { InlineKeyboard } from 'grammy/web';
import { BotApiError } from '../errors.ts';
import type { BotDeps, ButtonPress } from './bot-deps.ts';
import { readHeld } from './held-invoice.ts';
import { invoiceText } from './invoice-view.ts';
import { checkData } from './start.ts';
import { textsFor } from './texts.ts';

/** Telegram refuses to change a message into what it is. */
const isUnchanged = (error: unknown): boolean =>
  error instanceof BotApiError && error.description.includes('message is not modified');

/** The button under an invoice: shows there how it is now. */
export const checkState =
  (deps: BotDeps) =>
  async (context: ButtonPress): Promise<void> => {
    const texts = textsFor(context.from.language_code);
    const [, ref = ''] = context.match;
    const view = await readHeld(deps, ref);
    if (view) {
      const { held, shown, refusal } = view;
      try {
        await context.editMessageText(invoiceText(held, shown, { texts, refusal }), {
          reply_markup: new InlineKeyboard().text(texts.checkAgain, checkData(ref)),
        });
      } catch (error) {
        if (!isUnchanged(error)) throw error;
      }
    }
    await context.answerCallbackQuery(view ? texts.checked : texts.refusals.unknown);
  };
