import { InlineKeyboard } from 'grammy/web';
import { BotApiError } from '../errors.ts';
import { invoiceParams } from '../open.ts';
import type { BotDeps, Command } from './bot-deps.ts';
import { readHeld, type HeldView } from './held-invoice.ts';
import { invoiceText } from './invoice-view.ts';
import { textsFor, type Texts } from './texts.ts';

/** What the button under an invoice says to the bot. */
export const checkData = (ref: string): string => `check:${ref}`;

/** Telegram's own message with its button to pay; a copy that is sent on opens the chat with the bot in its place. */
const sendInvoice = async (
  { config, log }: BotDeps,
  context: Command,
  { held, shown }: HeldView,
  texts: Texts,
): Promise<void> => {
  const { amount, currency } = held.invoice;
  const ref = shown.invoiceId;
  const params = invoiceParams({ ...shown, ref, amount, currency }, config);
  try {
    await context.api.raw.sendInvoice({
      chat_id: context.chat.id,
      start_parameter: ref,
      ...params,
    });
  } catch (error) {
    if (!(error instanceof BotApiError) || error.status !== 400) throw error;
    log.error({ err: error, ref }, 'Telegram refuses to show an invoice');
    await context.reply(texts.refusals.not_payable);
  }
};

/** `/start invoice-...`: shows the invoice, and lets it be paid if it can be. */
export const start =
  (deps: BotDeps) =>
  async (context: Command): Promise<void> => {
    const texts = textsFor(context.from.language_code);
    const ref = context.match.trim();
    if (ref === '') {
      await context.reply(texts.welcome);
      return;
    }
    const view = await readHeld(deps, ref);
    if (!view) {
      await context.reply(texts.refusals.unknown);
      return;
    }
    const { held, shown, refusal } = view;
    await context.reply(invoiceText(held, shown, { texts, refusal }), {
      reply_markup: new InlineKeyboard().text(texts.checkAgain, checkData(ref)),
    });
    if (refusal === undefined) await sendInvoice(deps, context, view, texts);
  };
