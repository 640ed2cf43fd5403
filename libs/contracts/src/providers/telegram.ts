import { z } from 'zod';
import { TelegramId } from '../domain/identity.ts';

/**
 * What we read of the Telegram Bot API's wire format: https://core.telegram.org/bots/api. Objects are loose: what we do
 * not read is kept, and may grow with any version. Amounts are the smallest units of the currency, times Unix seconds.
 */

export const TelegramUser = z.looseObject({
  id: TelegramId,
  /** IETF tag of the language of the person's own app. */
  language_code: z.string().optional(),
});
export type TelegramUser = z.infer<typeof TelegramUser>;

/** Somebody has pressed Pay; nothing is taken before the answer, which must come within 10 s. */
export const PreCheckoutQuery = z.looseObject({
  id: z.string().min(1),
  from: TelegramUser,
  currency: z.string(),
  total_amount: z.int().min(0),
  invoice_payload: z.string(),
});
export type PreCheckoutQuery = z.infer<typeof PreCheckoutQuery>;

/** The money has been taken. */
export const SuccessfulPayment = z.looseObject({
  currency: z.string(),
  total_amount: z.int().min(0),
  invoice_payload: z.string(),
  telegram_payment_charge_id: z.string().min(1),
});
export type SuccessfulPayment = z.infer<typeof SuccessfulPayment>;

export const TelegramMessage = z.looseObject({
  message_id: z.int(),
  date: z.int().min(0),
  chat: z.looseObject({ id: z.int() }),
  from: TelegramUser.optional(),
  successful_payment: SuccessfulPayment.optional(),
  /** The money has been given back, all of it. */
  refunded_payment: SuccessfulPayment.optional(),
});
export type TelegramMessage = z.infer<typeof TelegramMessage>;

/** One of its kinds, or one that we do not know. */
export const TelegramUpdate = z.looseObject({
  update_id: z.int(),
  message: TelegramMessage.optional(),
  pre_checkout_query: PreCheckoutQuery.optional(),
  callback_query: z.looseObject({ id: z.string(), from: TelegramUser }).optional(),
});
export type TelegramUpdate = z.infer<typeof TelegramUpdate>;

const StarPartner = z.looseObject({
  type: z.string(),
  user: z.looseObject({ id: TelegramId }).optional(),
  invoice_payload: z.string().optional(),
});

/** Stars that came in from `source` or went out to `receiver`. */
export const StarTransaction = z.looseObject({
  /** Of a payment its `telegram_payment_charge_id`; of a refund that of the payment. */
  id: z.string(),
  amount: z.int().min(0),
  date: z.int().min(0),
  source: StarPartner.optional(),
  receiver: StarPartner.optional(),
});
export type StarTransaction = z.infer<typeof StarTransaction>;

/** A call that a webhook's reply makes: of those that we reply with. */
export const WebhookReplyCall = z.discriminatedUnion('method', [
  z.object({
    method: z.literal('answerPreCheckoutQuery'),
    pre_checkout_query_id: z.string(),
    ok: z.boolean(),
    /** What the payer is told instead of being charged. */
    error_message: z.string().optional(),
  }),
  z.object({ method: z.literal('sendMessage'), chat_id: z.int(), text: z.string() }),
]);
export type WebhookReplyCall = z.infer<typeof WebhookReplyCall>;

/** An invoice as the hub's own bot has it: Telegram itself keeps nothing of one that nobody has paid. */
export const TelegramInvoice = z.looseObject({
  /** What `invoice_payload` is, and what the bot is started with. */
  invoiceId: z.string().min(1),
  title: z.string(),
  description: z.string(),
  /** Exact decimal in major units. */
  amount: z.string(),
  currency: z.string(),
  /** Opens the chat with the bot. */
  payLink: z.url(),
  /** A link of Telegram's own that opens the payment wherever it is. */
  link: z.url().optional(),
  createdAt: z.iso.datetime(),
});
export type TelegramInvoice = z.infer<typeof TelegramInvoice>;
