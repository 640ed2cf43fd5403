import { parseJson } from '@quittance/rpc';
import { z } from 'zod';
import { DisabledReason } from '../domain/endpoint.ts';
import type { EventType } from '../domain/event.ts';
import {
  CanonicalDispute,
  CanonicalEvent,
  CanonicalInvoice,
  CanonicalPayment,
  CanonicalRefund,
} from './canonical-answers.ts';

/** Currencies and providers are added without a new version, so a receiver takes also those that it does not know. */
const open = { currency: z.string() };

/** The whole invoice as it was after the event. Amounts are minor units of `currency`. */
export const WebhookInvoice = CanonicalInvoice.extend({
  ...open,
  provider: z.string(),
  flow: z.string(),
  /** Neither was there at first. */
  projectId: CanonicalInvoice.shape.projectId.default(null),
  payload: CanonicalInvoice.shape.payload.default(null),
  payments: z.array(CanonicalPayment.extend(open)),
  refunds: z.array(CanonicalRefund.extend(open)),
  disputes: z.array(CanonicalDispute.extend(open)),
});
export type WebhookInvoice = z.infer<typeof WebhookInvoice>;

const version = z.literal(1);
/** When it happened; the header `webhook-timestamp` says when it was sent. */
const timestamp = z.iso.datetime();
/** The event's place in the feed: `after` of `GET /v1/events`. */
const { position, seq } = CanonicalEvent.shape;

/** What every message about an invoice has. `seq` has no gaps within the invoice. */
export const InvoiceEventData = z.object({ version, position, seq, invoice: WebhookInvoice });
export type InvoiceEventData = z.infer<typeof InvoiceEventData>;

const invoiceEvent = <T extends EventType>(type: T) =>
  z.object({ type: z.literal(type), timestamp, data: InvoiceEventData });

const endpoint = { id: z.string(), url: z.string() };

/** An endpoint gets nothing more; told to the account's other endpoints. */
export const EndpointDisabledEvent = z.object({
  type: z.literal('endpoint.disabled'),
  timestamp,
  data: z.object({
    version,
    position,
    endpoint: z.object({ ...endpoint, reason: DisabledReason }),
  }),
});
export type EndpointDisabledEvent = z.infer<typeof EndpointDisabledEvent>;

/** A ping that somebody asked for. It is no event and in no feed. */
export const EndpointTestEvent = z.object({
  type: z.literal('endpoint.test'),
  timestamp,
  data: z.object({ version, endpoint: z.object(endpoint) }),
});
export type EndpointTestEvent = z.infer<typeof EndpointTestEvent>;

/** What Standard Webhooks has of every message. */
const Message = z.object({ type: z.string(), timestamp: z.string(), data: z.unknown() });

/** A message that is newer than these schemas, by its type, its version or a value such as a status, as it came. */
export const UnknownWebhookEvent = z.object({ type: z.literal('unknown'), message: Message });
export type UnknownWebhookEvent = z.infer<typeof UnknownWebhookEvent>;

/** The messages of version 1, whose bodies are JSON of this shape. */
export const KnownWebhookEvent = z.discriminatedUnion('type', [
  invoiceEvent('invoice.created'),
  invoiceEvent('invoice.opened'),
  invoiceEvent('invoice.finalized'),
  invoiceEvent('invoice.processing'),
  invoiceEvent('invoice.action_required'),
  invoiceEvent('invoice.payment_failed'),
  invoiceEvent('invoice.overdue'),
  invoiceEvent('invoice.partially_paid'),
  invoiceEvent('invoice.paid'),
  invoiceEvent('invoice.payment_received'),
  invoiceEvent('invoice.expired'),
  invoiceEvent('invoice.canceled'),
  invoiceEvent('invoice.failed'),
  invoiceEvent('invoice.uncollectible'),
  invoiceEvent('invoice.refunded'),
  invoiceEvent('invoice.refund_failed'),
  invoiceEvent('invoice.disputed'),
  invoiceEvent('invoice.dispute_closed'),
  EndpointDisabledEvent,
  EndpointTestEvent,
]);
export type KnownWebhookEvent = z.infer<typeof KnownWebhookEvent>;

/**
 * What a receiver is told, by `type`. Within a version fields, types and values are added, never changed or removed:
 * what is newer than these schemas is `unknown`, and best answered with 2xx and passed over.
 */
export const WebhookEvent = z.discriminatedUnion('type', [
  ...KnownWebhookEvent.options,
  UnknownWebhookEvent,
]);
export type WebhookEvent = z.infer<typeof WebhookEvent>;

/** The body of a message whose sender is beyond doubt. @throws ZodError, or SyntaxError for what is not JSON */
export const readWebhookEvent = (body: string): WebhookEvent => {
  const json = parseJson(body);
  const known = KnownWebhookEvent.safeParse(json);
  return known.success ? known.data : { type: 'unknown', message: Message.parse(json) };
};
