import type { OpenInput, OpenResult } from '@quittance/contracts';
import type { TelegramConfig } from './config.ts';
import { refOf } from './derived.ts';
import { asking, making, refused } from './errors.ts';
import { openedObservation, telegramInvoice } from './mapping.ts';
import type { Telegram } from './telegram-api.ts';

type BotApiOptions = Extract<OpenInput['options'], { flow: 'telegram.bot_api' }>;

const longestDescription = 255;

/** What Telegram wants to know of an invoice, by whatever way it is shown. Stars have no provider. */
export const invoiceParams = (
  invoice: { ref: string; title: string; description: string; amount: number; currency: string },
  { TELEGRAM_PROVIDER_TOKEN = '' }: Pick<TelegramConfig, 'TELEGRAM_PROVIDER_TOKEN'>,
) => {
  const { ref, title, description, amount, currency } = invoice;
  return {
    title,
    description,
    payload: ref,
    provider_token: currency === 'XTR' ? '' : TELEGRAM_PROVIDER_TOKEN,
    currency,
    prices: [{ label: title, amount }],
  };
};

/**
 * Makes an invoice payable by the hub's own bot. Telegram needs to know nothing of it before somebody opens the chat, so
 * nothing is made there but the link, if one is wanted; of two links for one invoice one is as good as the other.
 * https://core.telegram.org/bots/api#createinvoicelink
 */
export const openBotApi = async (
  { telegram, config }: { telegram: Telegram; config: TelegramConfig },
  input: OpenInput,
  { title, link: isLinkWanted }: BotApiOptions,
): Promise<OpenResult> => {
  const { description, money } = input;
  if ((description ?? '').length > longestDescription) {
    throw refused(`The description is longer than ${longestDescription} characters`, 'description');
  }
  const ref = refOf(config.TELEGRAM_BOT_TOKEN, input.key);
  const { username } = await asking(telegram.me);
  const params = invoiceParams(
    {
      ref,
      title,
      description: description === null || description === '' ? title : description,
      ...money,
    },
    config,
  );
  const link = isLinkWanted
    ? await making(() => telegram.api.raw.createInvoiceLink(params))
    : undefined;
  const invoice = telegramInvoice(
    { ...input, description: params.description },
    { ref, title, username, ...(link !== undefined && { link }) },
  );
  return { observation: openedObservation(invoice), customerRef: null };
};
