import { z } from 'zod';
import { Currency } from './currency.ts';
import { MinorUnits } from './money.ts';
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

export const InvoiceException = z.enum(['none', 'partial', 'over', 'late']);

/** A public id: 24 hex digits that sort by time. */
export const PublicId = z.string().regex(/^[0-9a-f]{24}$/);

export const InvoiceItem = z.object({
  type: z.string().min(1).max(64),
  id: z.string().min(1).max(255),
});

/** What is owed, and how it stands. Amounts are minor units of `currency`, times UTC. */
export const Invoice = z.object({
  id: z.int().positive(),
  publicId: PublicId,
  accountId: z.int().positive(),
  userId: z.int().positive(),
  provider: ProviderName,
  flow: Flow,
  status: InvoiceStatus,
  exception: InvoiceException,
  /** Why it stands so, in the provider's words. */
  statusReason: z.string().nullable(),
  amount: MinorUnits,
  currency: Currency,
  received: MinorUnits,
  refunded: MinorUnits,
  item: InvoiceItem,
  description: z.string().nullable(),
  providerRef: z.string().nullable(),
  /** The provider's object as JSON text, the newest that was seen. */
  providerData: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Invoice = z.infer<typeof Invoice>;
