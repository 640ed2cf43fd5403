import type { FlowOptions, OpenInput, PaymentProvider, RawWebhook } from '@quittance/contracts';

/** What can go wrong on the way to a provider. */
export type ProviderFault = 'refused' | 'unavailable' | 'lost_answer';

/** An implementation of the port together with the other side: the payer, and the provider's own view. */
export interface ProviderUnderTest {
  provider: PaymentProvider;
  options: FlowOptions;
  pay: (ref: string) => Promise<void>;
  decline: (ref: string) => Promise<void>;
  /** The webhooks sent so far about a ref, oldest first. */
  webhooks: (ref: string) => Promise<RawWebhook[]>;
  /** Makes the next call that opens something fail; `lost_answer` still opens it. */
  failNextOpen: (fault: ProviderFault) => Promise<void>;
  /** How many invoices the provider holds. */
  openedCount: () => Promise<number>;
  close: () => Promise<void>;
}

/** What `open` takes for invoice `id` of user `userId`: 20.50 USD. */
export const openInput = (
  options: FlowOptions,
  { id = 1, userId = 1 }: { id?: number; userId?: number } = {},
): OpenInput => ({
  key: `test-invoice-${id}`,
  invoiceId: id,
  createdAt: new Date().toISOString(),
  mayBeOpen: false,
  money: { amount: 2050, currency: 'USD' },
  description: 'A flight',
  options,
  customer: {
    ref: null,
    userId,
    key: `test-user-${userId}`,
    name: 'Ada Lovelace',
    email: 'ada@example.com',
  },
});
