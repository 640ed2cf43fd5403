import type {
  BotCommand,
  LabeledPrice,
  MenuButton,
  Message,
  StarTransaction,
  Update,
} from 'grammy/types';
import type { Collection, Store } from '../state/store.ts';
import type { CurrencyLimits } from './payments/currencies.ts';

/** An update in all its kinds but its number. */
export type UpdateBody = Omit<Update, 'update_id'>;
export type UpdateKind = keyof UpdateBody;

export interface Webhook {
  url: string;
  secret: string;
  maxConnections: number;
  ipAddress?: string;
  hasCertificate: boolean;
  /** UTC ms of the first of an unbroken row of 410s. */
  first410At?: number;
  lastError?: { /** Unix seconds. */ date: number; message: string };
}

export interface Bot {
  /** How the collections know it: its id, and `<id>/test` in the test environment. */
  key: string;
  id: number;
  /** The one token that works; another of the same id is not authorized. */
  token: string;
  revoked: boolean;
  username: string;
  firstName: string;
  nextMessageId: number;
  nextUpdateId: number;
  /** Unix seconds. */
  lastUpdateAt: number;
  nextStarTransaction: number;
  webhook?: Webhook;
  /** Undefined: all kinds but those that have to be asked for. */
  allowedUpdates?: UpdateKind[];
  /** By scope and language. */
  commands: Record<string, BotCommand[]>;
  /** Name, description and short description, by `<field>:<language>`. */
  texts: Record<string, string>;
  menuButtons: Record<string, MenuButton>;
}

/** A person of the sandbox. */
export interface Person {
  id: number;
  first_name: string;
  last_name?: string;
  username?: string;
  language_code: string;
  is_premium?: true;
  /** Telegram Stars. */
  stars: number;
}

/** What a person and a bot are to each other; there is none before the person has started the bot. */
export interface PrivateChat {
  bot: string;
  user: number;
  blocked: boolean;
}

export interface StoredMessage {
  bot: string;
  user: number;
  message: Message;
  /** Of an invoice: what it asks for. */
  invoice?: string;
  /** The payment by which the owner of the chat has paid the invoice: from then on the message shows a receipt. */
  paidBy?: string;
}

/** What sendInvoice and createInvoiceLink make: anybody may pay it, any number of times. */
export interface StoredInvoice {
  id: string;
  bot: string;
  title: string;
  description: string;
  payload: string;
  providerToken: string;
  currency: string;
  prices: LabeledPrice[];
  /** In the smallest units of the currency. */
  total: number;
  startParameter: string;
  needs: { name: boolean; phoneNumber: boolean; email: boolean; shippingAddress: boolean };
  /** The last part of `https://t.me/$...`; only of a link. */
  slug?: string;
}

/**
 * `waiting` for the bot's answer; `refused` by it, `expired` without it; `held`: accepted, and the money has still to be
 * taken; `paid`; `failed`: accepted, and the money could not be taken; `canceled` by the payer while it was held.
 */
export type PaymentState =
  | 'waiting'
  | 'refused'
  | 'expired'
  | 'held'
  | 'paid'
  | 'failed'
  | 'canceled';

/** One press of Pay. Its id is that of the pre-checkout query. */
export interface Payment {
  id: string;
  bot: string;
  user: number;
  invoice: string;
  currency: string;
  /** In the smallest units of the currency. */
  total: number;
  payload: string;
  state: PaymentState;
  /** Whether it is to be held once the bot has accepted it. */
  hold: boolean;
  /** UTC ms when the wait for the bot's answer is over. */
  expiresAt: number;
  /** What the payer is told. */
  error?: string;
  /** The message whose button was pressed. */
  message?: number;
  telegramChargeId?: string;
  providerChargeId?: string;
  /** Unix seconds. */
  paidAt?: number;
  /** Unix seconds. */
  refundedAt?: number;
}

export interface CallbackQueryRecord {
  id: string;
  bot: string;
  user: number;
  message: number;
  data: string;
  /** Unix seconds. */
  at: number;
  answer?: { text: string; show_alert: boolean; url: string };
}

/** An update that the bot has not confirmed. */
export interface PendingUpdate {
  bot: string;
  update: Update;
  /** Updates of one queue come one after the other, and one that fails holds up those behind it. */
  queue: string;
  /** What faults know it by: `message:successful_payment`, `pre_checkout_query`. */
  kind: string;
  /** Unix seconds; it is dropped then. */
  expiresAt: number;
  failedAttempts: number;
  /** Seconds. */
  delay: number;
  /** UTC ms. */
  dueAt: number;
}

export interface StoredStarTransaction {
  bot: string;
  transaction: StarTransaction;
}

export interface Settings {
  /** Whether every accepted payment waits to be released. */
  hold_payments: boolean;
  /** Tokens of payment providers that are good besides those of test modes. */
  provider_tokens: string[];
}

export interface TelegramState {
  bots: Collection<Bot>;
  people: Collection<Person>;
  chats: Collection<PrivateChat>;
  messages: Collection<StoredMessage>;
  invoices: Collection<StoredInvoice>;
  /** Invoice ids by the slug of their link. */
  slugs: Collection<string>;
  payments: Collection<Payment>;
  /** Payment ids by `telegram_payment_charge_id`. */
  charges: Collection<string>;
  callbackQueries: Collection<CallbackQueryRecord>;
  updates: Collection<PendingUpdate>;
  starTransactions: Collection<StoredStarTransaction>;
  currencies: Collection<CurrencyLimits>;
  settings: Collection<Settings>;
}

export const openTelegramState = (store: Store): TelegramState => ({
  bots: store.collection('telegram.bots'),
  people: store.collection('telegram.people'),
  chats: store.collection('telegram.chats'),
  messages: store.collection('telegram.messages'),
  invoices: store.collection('telegram.invoices'),
  slugs: store.collection('telegram.slugs'),
  payments: store.collection('telegram.payments'),
  charges: store.collection('telegram.charges'),
  callbackQueries: store.collection('telegram.callback_queries'),
  updates: store.collection('telegram.updates'),
  starTransactions: store.collection('telegram.star_transactions'),
  currencies: store.collection('telegram.currencies'),
  settings: store.collection('telegram.settings'),
});

export const settingsOf = (state: TelegramState): Settings =>
  state.settings.get('settings') ?? { hold_payments: false, provider_tokens: [] };
