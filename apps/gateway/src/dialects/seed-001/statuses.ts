import type { InvoiceStatus } from '@quittance/contracts';

/**
 * Our word for where an invoice stands, in which the original knows `unpaid` and `paid` only: what was paid in part is
 * not paid, and what went back in part was.
 */
export const statusOf: Record<InvoiceStatus, string> = {
  draft: 'unpaid',
  creating: 'unpaid',
  pending: 'unpaid',
  processing: 'unpaid',
  partially_paid: 'unpaid',
  paid: 'paid',
  partially_refunded: 'paid',
  refunded: 'refunded',
  canceled: 'canceled',
  failed: 'canceled',
  uncollectible: 'canceled',
  expired: 'expired',
};
