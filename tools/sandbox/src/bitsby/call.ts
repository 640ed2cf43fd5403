import type { BitsbyState, Invoice, Payment } from './state.ts';

/** What is needed to change something, whoever does it. */
export interface Work {
  state: BitsbyState;
  /** UTC milliseconds. */
  now: number;
  /** Plans the webhook of an invoice that has become paid. */
  announcePaid: (invoice: Invoice, payment: Payment) => void;
}

/** What a handler knows about the API call that it serves. */
export interface Call extends Work {
  apiKey: string;
  /** Where the client reached the sandbox; the payment pages are there. */
  origin: string;
}
