import { z } from 'zod';
import { InvoiceStatus, PublicId } from './invoice.ts';

export const EventType = z.enum([
  'invoice.created',
  'invoice.opened',
  'invoice.finalized',
  'invoice.processing',
  'invoice.action_required',
  'invoice.payment_failed',
  'invoice.overdue',
  'invoice.partially_paid',
  'invoice.paid',
  'invoice.payment_received',
  'invoice.expired',
  'invoice.canceled',
  'invoice.failed',
  'invoice.uncollectible',
  'invoice.refunded',
  'invoice.refund_failed',
  'invoice.disputed',
  'invoice.dispute_closed',
]);
export type EventType = z.infer<typeof EventType>;

/** One thing that happened to an invoice. Append-only. */
export const InvoiceEvent = z.object({
  /** Place in the order of all events. */
  position: z.int().positive(),
  invoiceId: z.int().positive(),
  invoicePublicId: PublicId,
  /** Place in the order of this invoice's events, from 1, without gaps. */
  seq: z.int().positive(),
  type: EventType,
  /** The invoice's status from then on. */
  status: InvoiceStatus,
  occurredAt: z.iso.datetime(),
});
export type InvoiceEvent = z.infer<typeof InvoiceEvent>;

/** One thing that happened to a webhook endpoint. */
export const EndpointEvent = z.object({
  position: z.int().positive(),
  type: z.literal('endpoint.disabled'),
  endpointId: z.string(),
  url: z.string(),
  reason: z.enum(['by_hand', 'gone', 'failing']),
  occurredAt: z.iso.datetime(),
});
export type EndpointEvent = z.infer<typeof EndpointEvent>;

/** Everything that happens in an account, in one order. */
export const AccountEvent = z.union([InvoiceEvent, EndpointEvent]);
export type AccountEvent = z.infer<typeof AccountEvent>;
