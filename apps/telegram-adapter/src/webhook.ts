import type { Observation, PaymentProvider, Received } from '@quittance/contracts';
import { TelegramUpdate, type TelegramMessage } from '@quittance/contracts/telegram';
import { DomainError, parseJson } from '@quittance/rpc';
import { readableAmount } from './bot/amounts.ts';
import type { Converse } from './bot/conversation.ts';
import { textsFor } from './bot/texts.ts';
import { acknowledged, askCheckout, replyWith } from './checkout.ts';
import { isBotApiRef, isSame } from './derived.ts';
import { messagePaid, moneyOf, paymentObservation, refundObservation } from './mapping.ts';

export const secretHeader = 'x-telegram-bot-api-secret-token';

export const readJson = (body: string): unknown => {
  try {
    return parseJson(body);
  } catch (cause) {
    throw new DomainError('invalid_request', 'The body is not valid JSON', { cause });
  }
};

const readUpdate = (body: string): TelegramUpdate => {
  const update = TelegramUpdate.safeParse(readJson(body));
  if (update.success) return update.data;
  throw new DomainError('invalid_request', 'The body is not an update of the Telegram Bot API');
};

/** What a message says about money. Of payments for what is not ours, other programs may have the bot's token too. */
const observationsOf = (message: TelegramMessage, raw: string): Observation[] => {
  const { successful_payment: paid, refunded_payment: refunded, date: at, from } = message;
  const about = paid ?? refunded;
  const money = about && moneyOf(about);
  if (!money || !isBotApiRef(about.invoice_payload)) return [];
  const facts = messagePaid(about, { money, at, payer: from?.id, raw });
  return [paid ? paymentObservation(facts) : refundObservation(facts)];
};

const receiveMessage = async (
  update: TelegramUpdate,
  message: TelegramMessage,
  { raw, converse }: { raw: string; converse: Converse },
): Promise<Received> => {
  const observations = observationsOf(message, raw);
  const { successful_payment: paid, refunded_payment: refunded } = message;
  if (!paid && !refunded) await converse(update);
  const money = paid && moneyOf(paid);
  if (!money || observations.length === 0) return { observations, hints: [], reply: acknowledged };
  const texts = textsFor(message.from?.language_code);
  const text = texts.paid(readableAmount(money, texts.locale));
  const reply = replyWith({ method: 'sendMessage', chat_id: message.chat.id, text });
  return { observations, hints: [], reply };
};

/**
 * Takes an update of the bot, which shows the secret that the webhook was registered with.
 * https://core.telegram.org/bots/api#setwebhook
 */
export const createUpdateReceiver =
  ({ secret, converse }: { secret: string; converse: Converse }): PaymentProvider['receive'] =>
  async ({ headers, body }) => {
    if (!isSame(headers[secretHeader] ?? '', secret)) {
      throw new DomainError(
        'unauthenticated',
        'The X-Telegram-Bot-Api-Secret-Token header is missing or wrong',
      );
    }
    const update = readUpdate(body);
    const { message, pre_checkout_query: query, callback_query: pressed } = update;
    if (query) return askCheckout(query);
    if (message) return receiveMessage(update, message, { raw: body, converse });
    if (pressed) await converse(update);
    return { observations: [], hints: [], reply: acknowledged };
  };
