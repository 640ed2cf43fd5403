import type { Collection, Store } from '../state/store.ts';
import type { BitsbyDelivery } from './webhooks/deliveries.ts';
import type { Rates } from './rates.ts';
import type { Settings } from './settings.ts';

export const fiatCurrencies = ['USD', 'EUR', 'RUB'] as const;
export const cryptocurrencies = ['usdt', 'eth', 'btc'] as const;
export const commissionPayers = ['seller', 'buyer'] as const;

export type FiatCurrency = (typeof fiatCurrencies)[number];
export type Cryptocurrency = (typeof cryptocurrencies)[number];
export type CommissionPayer = (typeof commissionPayers)[number];

export interface Wallet {
  id: string;
  name: string;
  blockchain: 'tron' | 'bnbSmartChain' | 'ethereum' | 'bitcoin';
  cryptocurrency: Cryptocurrency;
  address: string;
}

/** Whoever has this API key. */
export interface Account {
  apiKey: string;
  /** USD, two decimals. */
  internal: string;
  wallets: Wallet[];
}

export interface Project {
  id: string;
  apiKey: string;
  name: string;
  webhookUrl: string | null;
  commissionPayer: CommissionPayer;
}

/** Amounts are texts as the API writes them, moments UTC milliseconds. */
export interface Invoice {
  id: string;
  uid: string;
  apiKey: string;
  projectId: string;
  createdAt: number;
  timeToPayAt: number;
  amountFiat: string;
  currencyFiat: FiatCurrency;
  amountFiatUSD: string;
  commissionFiatUSD: string;
  /** Percent with two decimals. */
  commissionRate: string;
  description: string | null;
  serviceData: string | null;
  views: number;
  /** That it expired follows from the time: see `statusOf`. */
  status: 'unpaid' | 'canceled' | 'paid';
  /** What each wallet expects. */
  reserved: { walletId: string; amountCrypto: string }[];
}

export interface Payment {
  id: string;
  apiKey: string;
  walletId: string;
  amount: string;
  hash: string;
  receivedAt: number;
  /** The rates of that moment. */
  rates: Rates;
  /** The invoice that is paid with it; null until it is bound. */
  invoiceId: string | null;
  /** The invoice on whose page it was made, which Bitsby cannot know. */
  meantFor: string;
}

/** What a project received on one UTC day, in cents of USD. */
export interface ProjectDay {
  apiKey: string;
  projectId: string;
  day: string;
  received: number;
  /** What is still to be taken from the balance, and for how many invoices. */
  commission: number;
  invoices: number;
}

/** An entry of `billing/history`, as the API writes it. */
export interface BalanceChange {
  apiKey: string;
  datetime: string;
  event: string;
  target: 'internal';
  amount: string;
  comment: string;
}

/** How one API key kept to the rate limit. */
export interface Pace {
  accepted: number;
  refused: number;
  lastAcceptedAt: number;
  /** Milliseconds between two accepted requests; null until there were two. */
  smallestGapMs: number | null;
}

/** Everything that the emulated Bitsby holds. */
export interface BitsbyState {
  accounts: Collection<Account>;
  projects: Collection<Project>;
  invoices: Collection<Invoice>;
  /** Ids of invoices by their `uid`. */
  uids: Collection<string>;
  /** Ids of the last invoices to expect an amount, by wallet and amount; only an unpaid one does so still. */
  reservations: Collection<string>;
  payments: Collection<Payment>;
  days: Collection<ProjectDay>;
  history: Collection<BalanceChange>;
  paces: Collection<Pace>;
  rates: Collection<Rates>;
  settings: Collection<Settings>;
  deliveries: Collection<BitsbyDelivery>;
}

export const openBitsbyState = (store: Store): BitsbyState => ({
  accounts: store.collection('bitsby.accounts'),
  projects: store.collection('bitsby.projects'),
  invoices: store.collection('bitsby.invoices'),
  uids: store.collection('bitsby.uids'),
  reservations: store.collection('bitsby.reservations'),
  payments: store.collection('bitsby.payments'),
  days: store.collection('bitsby.days'),
  history: store.collection('bitsby.history'),
  paces: store.collection('bitsby.paces'),
  rates: store.collection('bitsby.rates'),
  settings: store.collection('bitsby.settings'),
  deliveries: store.collection('bitsby.deliveries'),
});
