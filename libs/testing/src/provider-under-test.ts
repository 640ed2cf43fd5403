import type { FlowOptions, OpenInput, PaymentProvider, RawWebhook } from '@quittance/contracts';

/** What can go wrong on the way to a provider. */
export type ProviderFault = 'refused' | 'unavailable' | 'lost_answer';

/**
 * What a provider may be without, beside what `describe` tells: keys with which a second try opens nothing new, so that
 * whoever tries again looks first; a memory of what was opened with which key; customers whom it remembers; for one flow
 * of it, webhooks that prove where they come from; and a proof that covers the body, not only who sends it.
 */
export type Lack = 'idempotency' | 'keys' | 'customers' | 'signatures' | 'signed_bodies';

/** An implementation of the port together with the other side: the payer, and the provider's own view. */
export interface ProviderUnderTest {
  provider: PaymentProvider;
  options: FlowOptions;
  /** What it is without; nothing when absent. */
  lacks?: readonly Lack[];
  /** What invoices are in; USD when absent. */
  currency?: string;
  /** The end of the URL that its webhooks come to, if any. */
  webhookToken?: string;
  /** The provider's id of the project that invoices are for, where it needs one. */
  projectRef?: string;
  /** An id that could be an invoice's and is none's. */
  unknownRef?: string;
  pay: (ref: string) => Promise<void>;
  /** Lets so much time pass that nobody tells of a payment any more; absent where its worth is known at once. */
  later?: () => void;
  /** Tries to pay and fails; absent where a payer cannot fail. */
  decline?: (ref: string) => Promise<void>;
  /** The webhooks sent so far about a ref, oldest first. */
  webhooks: (ref: string) => Promise<RawWebhook[]>;
  /** Makes the next call that opens something fail; `lost_answer` still opens it. */
  failNextOpen: (fault: ProviderFault) => Promise<void>;
  /** How many invoices the provider holds. */
  openedCount: () => Promise<number>;
  close: () => Promise<void>;
}

/** What `open` takes for invoice `id` of user `userId`: 20.50 USD, or 2050 minor units of another currency. */
export const openInput = (
  options: FlowOptions,
  {
    id = 1,
    userId = 1,
    projectRef = null,
    payload = null,
    currency = 'USD',
  }: {
    id?: number;
    userId?: number;
    projectRef?: string | null;
    payload?: string | null;
    currency?: string;
  } = {},
): OpenInput => ({
  key: `test-invoice-${id}`,
  invoiceId: id,
  createdAt: new Date().toISOString(),
  mayBeOpen: false,
  money: { amount: 2050, currency },
  description: 'A flight',
  payload,
  projectRef,
  options,
  customer: {
    ref: null,
    userId,
    key: `test-user-${userId}`,
    name: 'Ada Lovelace',
    email: 'ada@example.com',
  },
});
