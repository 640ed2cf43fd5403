import { z } from 'zod';
import { changeUser, userOf, webhookUrl, type Bot } from '../bots-business/bot.ts';
import { payInvoiceInChat } from '../bots-business/chat/pay-invoice.ts';
import type { Alert } from '../bots-business/chat/alert.ts';
import { send } from '../bots-business/commands/send.ts';
import type { BbpUser, BotsBusinessState } from '../bots-business/state.ts';

/** A Telegram id, as a number or, from a form, as text. */
export const TelegramId = z.union([
  z.int().positive(),
  z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'must be a Telegram id: a whole number above 0')
    .transform(Number),
]);

/** The body of `PUT /_sandbox/bots-business/users/:id`. `balance` is in whole BB Points. */
export const UserInput = z.strictObject({
  name: z.string().min(1).max(128).optional(),
  pin: z.string().trim().min(4).max(6).nullable(),
  balance: z.int().min(0),
  webhook: z.string().regex(webhookUrl, 'must begin with http:// or https://').nullable(),
});

/** The body of `PUT /_sandbox/bots-business/settings`. */
export const SettingsInput = z.strictObject({
  invoiceStatus: z.enum(['source', 'documented']).default('source'),
  /** The platform ends a command after 5 s. */
  paymentGapMs: z.int().min(0).max(5_000).default(0),
});

/** How a person pays an invoice: by the button in the chat, or with the QR scanner of the mini app. */
export const InvoicePayment = z.strictObject({ userId: TelegramId, by: z.enum(['chat', 'qr']) });

export const RequestPayment = z.strictObject({ userId: TelegramId });

/** Makes a user, or makes an old one so; what else is known of an old one stays. */
export const putUser = (
  state: BotsBusinessState,
  id: string,
  { name, pin, balance, webhook }: z.infer<typeof UserInput>,
): void => {
  const { webhook: _replaced, ...settings } = userOf(state, id).settings;
  changeUser(state, id, {
    name: name ?? null,
    pin,
    balance,
    settings: { ...settings, ...(webhook !== null && { webhook }) },
  });
};

/** A user as the control routes show one. */
export const shownUser = (id: string, { settings, ...user }: BbpUser) => ({
  id,
  ...user,
  webhook: settings.webhook ?? null,
});

const Answer = z.object({ status: z.string(), msg: z.string() });

/** Pays as a person would. In the mini app the person types their own PIN. */
export const payAsPerson = async (
  bot: Bot,
  invoiceId: string,
  { userId, by }: z.infer<typeof InvoicePayment>,
): Promise<Alert> => {
  if (by === 'chat') return payInvoiceInChat(bot, invoiceId, userId);
  const pin = userOf(bot.state, userId).pin ?? 'none';
  const { status, msg } = Answer.parse(await send(bot, { invoiceId, fromUser: userId, pin }));
  return { text: msg, done: status === 'success' };
};
