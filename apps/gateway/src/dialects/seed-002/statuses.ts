import { InvoiceStatus } from '@quittance/contracts';
import type { Seed002Status } from '@quittance/contracts/seed-002';

/** Stripe's word for where an invoice stands: money that went back does not make it less paid. */
export const statusOf: Record<InvoiceStatus, Seed002Status> = {
  draft: 'draft',
  creating: 'draft',
  pending: 'open',
  processing: 'open',
  partially_paid: 'open',
  paid: 'paid',
  partially_refunded: 'paid',
  refunded: 'paid',
  uncollectible: 'uncollectible',
  canceled: 'void',
  expired: 'void',
  failed: 'void',
};

/** All that Stripe's word can stand for. */
export const statusesOf = (word: Seed002Status): InvoiceStatus[] =>
  InvoiceStatus.options.filter((status) => statusOf[status] === word);
