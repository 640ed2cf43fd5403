import { InvoiceStatus } from '@quittance/contracts';
import type { Seed003Status } from '@quittance/contracts/seed-003';

/** Bitsby's word for where an invoice stands: what was paid in part is not paid, and what went back was. */
export const statusOf: Record<InvoiceStatus, Seed003Status> = {
  draft: 'unpaid',
  creating: 'unpaid',
  pending: 'unpaid',
  processing: 'unpaid',
  partially_paid: 'unpaid',
  paid: 'paid',
  partially_refunded: 'paid',
  refunded: 'paid',
  canceled: 'canceled',
  failed: 'canceled',
  uncollectible: 'canceled',
  expired: 'expired',
};

/** All that Bitsby's word can stand for. */
export const statusesOf = (word: Seed003Status): InvoiceStatus[] =>
  InvoiceStatus.options.filter((status) => statusOf[status] === word);
