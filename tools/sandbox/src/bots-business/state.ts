import type { Collection, Store } from '../state/store.ts';

export type PaymentKind = 'invoice payment' | 'online pay' | 'request payment';

export type Direction = 'credit' | 'debit';

/** As the bot stores it. What the caller sent keeps the type that it came in. */
export interface BbpInvoice {
  qrCode: string;
  invoiceId: string;
  title: unknown;
  amount: unknown;
  /** Who made it and is paid. */
  userId: unknown;
  payLink: string;
  description: unknown;
  status: 'paid' | 'unpaid';
  paidBy: unknown;
}

/** What one user asks another to send; not an invoice. */
export interface PaymentRequest {
  requesterId: unknown;
  toUserId: unknown;
  amount: unknown;
  note: unknown;
  status: 'paid' | 'pending';
}

export interface BbpTransaction {
  amount: unknown;
  /** The other side. */
  with: unknown;
  note: unknown;
  /** dd/mm/yyyy, UTC. */
  date: string;
  type: PaymentKind;
  direction: Direction;
}

/** Absent means never set, which the bot tells from `false`. */
export interface BbpUserSettings {
  acceptRequest?: unknown;
  transactionAnnounce?: unknown;
  webhook?: string;
}

export interface BbpUser {
  name: string | null;
  /** 4 to 6 characters; null until the user has set one. */
  pin: string | null;
  /** BB Points. Whole ones, until somebody pays a part of one: the bot lets them. */
  balance: number;
  settings: BbpUserSettings;
  /** The last five, oldest first. */
  transactions: BbpTransaction[];
}

/** What the sandbox adds: ways to behave of which the original has only one, or has by chance. */
export interface BotsBusinessSettings {
  /** What `invoice-status` answers: what the bot's source does, or what its documentation says. */
  invoiceStatus: 'documented' | 'source';
  /** Milliseconds between looking at an invoice and charging for it, in which another can do the same; 0 for none. */
  paymentGapMs: number;
}

/** Everything that the bot remembers. Users are by the text of their Telegram id. */
export interface BotsBusinessState {
  invoices: Collection<BbpInvoice>;
  requests: Collection<PaymentRequest>;
  users: Collection<BbpUser>;
  settings: () => BotsBusinessSettings;
  changeSettings: (settings: BotsBusinessSettings) => void;
}

const settingsId = 'settings';

export const openBotsBusinessState = (store: Store): BotsBusinessState => {
  const settings = store.collection<BotsBusinessSettings>('bots_business.settings');
  return {
    invoices: store.collection('bots_business.invoices'),
    requests: store.collection('bots_business.requests'),
    users: store.collection('bots_business.users'),
    settings: () => settings.get(settingsId) ?? { invoiceStatus: 'source', paymentGapMs: 0 },
    changeSettings: (next) => settings.put(settingsId, next),
  };
};
