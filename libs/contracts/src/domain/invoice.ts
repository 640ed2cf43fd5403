import { z } from 'zod';
import { Currency } from './currency.ts';
import { MinorUnits, Money } from './money.ts';
import { StorableText } from './text.ts';
import { CryptoTransfer, DisputeState, RefundState } from './observation.ts';
import { ProjectId } from './project.ts';
import { Flow, ProviderName } from './provider.ts';

export const InvoiceStatus = z.enum([
  'draft',
  'creating',
  'pending',
  'processing',
  'partially_paid',
  'paid',
  'expired',
  'canceled',
  'failed',
  'uncollectible',
  'partially_refunded',
  'refunded',
]);
export type InvoiceStatus = z.infer<typeof InvoiceStatus>;

/** What does not fit about the money received. Of several, the first of: late, wrong_currency, partial or over. */
export const InvoiceException = z.enum(['none', 'partial', 'over', 'late', 'wrong_currency']);

/** A public id: 24 hex digits that sort by time. */
export const PublicId = z.string().regex(/^[0-9a-f]{24}$/);

export const InvoiceItem = z.object({
  type: StorableText.min(1).max(64),
  id: StorableText.min(1).max(255),
});

/** An invoice always has an item; this is that of a merchant who named none. */
export const noItem: z.infer<typeof InvoiceItem> = { type: 'none', id: 'none' };

/** Money in. */
export const Payment = z.object({
  ref: z.string(),
  money: Money,
  paidAt: z.iso.datetime(),
  payer: z.string().nullable(),
  /** Whether it came after the invoice had expired or been canceled. */
  late: z.boolean(),
  /** Null for money that came over no blockchain. */
  crypto: CryptoTransfer.nullable().default(null),
});
export type Payment = z.infer<typeof Payment>;

/** Money back. */
export const Refund = z.object({ ref: z.string(), money: Money, state: RefundState });
export type Refund = z.infer<typeof Refund>;

/** Money contested. */
export const Dispute = z.object({ ref: z.string(), money: Money, state: DisputeState });
export type Dispute = z.infer<typeof Dispute>;

/** What is owed, and how it stands. Amounts are minor units of `currency`, times UTC. */
export const Invoice = z.object({
  id: z.int().positive(),
  publicId: PublicId,
  accountId: z.int().positive(),
  userId: z.int().positive(),
  /** The shop that it is for, if any. */
  projectId: ProjectId.nullable(),
  provider: ProviderName,
  flow: Flow,
  status: InvoiceStatus,
  exception: InvoiceException,
  /** Why it stands so, in the provider's words. */
  statusReason: z.string().nullable(),
  amount: MinorUnits,
  currency: Currency,
  received: MinorUnits,
  /** What of the amount has not been received. */
  remaining: MinorUnits,
  /** What was received above the amount: `amount = received + remaining - overpaid`. */
  overpaid: MinorUnits,
  refunded: MinorUnits,
  /** What stays: `received - refunded`. */
  net: MinorUnits,
  /** The most pressing state of its disputes. Contested money is still counted as received. */
  disputed: z.enum(['none', ...DisputeState.options]),
  payments: z.array(Payment),
  refunds: z.array(Refund),
  disputes: z.array(Dispute),
  item: InvoiceItem,
  description: z.string().nullable(),
  /** The merchant's own data, as it was sent; never shown to the payer. */
  payload: z.string().nullable(),
  /** When it stops being payable, if it does. */
  expiresAt: z.iso.datetime().nullable(),
  providerRef: z.string().nullable(),
  /** The provider's object as JSON text, the newest that was seen. */
  providerData: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Invoice = z.infer<typeof Invoice>;
