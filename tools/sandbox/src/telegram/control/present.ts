import type { Message } from 'grammy/types';
import { currentBot } from '../bots.ts';
import { chatKey } from '../chats.ts';
import { messagesBetween } from '../messages.ts';
import type {
  Bot,
  CallbackQueryRecord,
  Payment,
  Person,
  StoredInvoice,
  TelegramState,
} from '../state.ts';
import type { Opened } from '../people/open-link.ts';
import type { Pressed } from '../people/press-button.ts';
import type { Work } from '../work.ts';

export const presentBot = (bot: Bot) => ({
  id: bot.id,
  test: bot.key !== String(bot.id),
  token: bot.token,
  revoked: bot.revoked,
  username: bot.username,
  first_name: bot.firstName,
  webhook_url: bot.webhook?.url ?? null,
});

export const presentPayment = (work: Work, payment: Payment) => ({
  id: payment.id,
  bot: currentBot(work, payment.bot).username,
  user_id: payment.user,
  state: payment.state,
  currency: payment.currency,
  total_amount: payment.total,
  invoice_payload: payment.payload,
  /** What the payer was told. */
  error: payment.error ?? null,
  telegram_payment_charge_id: payment.telegramChargeId ?? null,
  provider_payment_charge_id: payment.providerChargeId ?? null,
  paid_at: payment.paidAt ?? null,
  refunded_at: payment.refundedAt ?? null,
});

export const presentInvoice = (work: Work, invoice: StoredInvoice) => ({
  bot: currentBot(work, invoice.bot).username,
  title: invoice.title,
  description: invoice.description,
  currency: invoice.currency,
  total_amount: invoice.total,
  prices: invoice.prices,
  link: invoice.slug === undefined ? null : `https://t.me/$${invoice.slug}`,
});

export const presentCallbackQuery = (query: CallbackQueryRecord) => ({
  id: query.id,
  user_id: query.user,
  message_id: query.message,
  data: query.data,
  answer: query.answer ?? null,
});

export const presentOpened = (work: Work, opened: Opened) =>
  'message' in opened
    ? { message: opened.message }
    : { invoice: presentInvoice(work, opened.invoice) };

export const presentPressed = (work: Work, pressed: Pressed) => {
  if ('payment' in pressed) return { payment: presentPayment(work, pressed.payment) };
  if ('opened' in pressed) return presentOpened(work, pressed.opened);
  if ('callback_query' in pressed) {
    return { callback_query: presentCallbackQuery(pressed.callback_query) };
  }
  return pressed;
};

/** The payments of a person to a bot, oldest first. */
export const paymentsBetween = (
  { payments }: Pick<TelegramState, 'payments'>,
  bot: string,
  user: number,
): Payment[] => {
  const between: Payment[] = [];
  for (const [, payment] of payments.entries()) {
    if (payment.bot === bot && payment.user === user) between.push(payment);
  }
  return between;
};

export const presentChat = (work: Work, bot: Bot, person: Person) => {
  const messages: Message[] = messagesBetween(work.state, bot.key, person.id).map(
    ({ message }) => message,
  );
  return {
    bot: bot.username,
    user: person,
    started: work.state.chats.get(chatKey(bot.key, person.id)) !== undefined,
    blocked: work.state.chats.get(chatKey(bot.key, person.id))?.blocked ?? false,
    messages,
    payments: paymentsBetween(work.state, bot.key, person.id).map((payment) =>
      presentPayment(work, payment),
    ),
  };
};
