import { z } from 'zod';
import { EventType } from './event.ts';
import { ProjectId } from './project.ts';

/** A public id: unguessable, and sorting by time. */
const prefixed = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[0-9a-f]{24}$`));

export const EndpointId = prefixed('ep');
export const DeliveryId = prefixed('del');

/** Why an endpoint gets nothing: by its owner's wish, it answered 410, or it has failed for days. */
export const DisabledReason = z.enum(['by_hand', 'gone', 'failing']);
export type DisabledReason = z.infer<typeof DisabledReason>;

/** What happens to endpoints, told to the account's other endpoints and in the feed. */
export const EndpointEventType = z.enum(['endpoint.disabled']);

/** What an endpoint can ask to be told. */
export const WebhookEventType = z.enum([...EventType.options, ...EndpointEventType.options]);
export type WebhookEventType = z.infer<typeof WebhookEventType>;

/** What a body looks like: Standard Webhooks' own, or that of Bitsby's webhooks, which tell of payments alone. */
export const WebhookFormat = z.enum(['standard', 'bitsby']);
export type WebhookFormat = z.infer<typeof WebhookFormat>;

/** When what failed is tried again: the example schedule of Standard Webhooks, or Bitsby's. */
export const RetrySchedule = z.enum(['standard', 'bitsby']);
export type RetrySchedule = z.infer<typeof RetrySchedule>;

/** A merchant's webhook URL. Secrets and the values of custom headers are never shown again. */
export const Endpoint = z.object({
  id: EndpointId,
  accountId: z.int().positive(),
  /** Null for the events of all of the account's invoices, also those that are for no project. */
  projectId: ProjectId.nullable(),
  url: z.url(),
  description: z.string().nullable(),
  /** Null for all. */
  eventTypes: z.array(WebhookEventType).min(1).nullable(),
  /** The names of the headers that every delivery carries beside the standard ones. */
  headerNames: z.array(z.string()),
  /** Whether an invoice's events are sent one after the other, each only when the one before has arrived. */
  ordered: z.boolean(),
  format: WebhookFormat,
  retries: RetrySchedule,
  disabled: DisabledReason.nullable(),
  /** Since when nothing has arrived; null while it answers. */
  failingSince: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Endpoint = z.infer<typeof Endpoint>;

/** How far a delivery is: `failed` is after its last try. */
export const DeliveryState = z.enum(['pending', 'succeeded', 'failed']);

/** One event for one endpoint. */
export const Delivery = z.object({
  id: DeliveryId,
  endpointId: EndpointId,
  /** The webhook-id header: the same at every try, and at every endpoint. */
  webhookId: z.string(),
  type: WebhookEventType,
  /** The position of its event in the feed. */
  position: z.int().positive(),
  invoicePublicId: z.string().nullable(),
  state: DeliveryState,
  attempts: z.int().min(0),
  /** Null when none is to come. */
  nextAttemptAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  settledAt: z.iso.datetime().nullable(),
});
export type Delivery = z.infer<typeof Delivery>;

/**
 * How a try ended: `rejected` is any answer but 2xx, for format `bitsby` any but 200; `refused` is a URL that we do not
 * call (a private address, or no https).
 */
export const AttemptResult = z.enum(['succeeded', 'rejected', 'timeout', 'unreachable', 'refused']);
export type AttemptResult = z.infer<typeof AttemptResult>;

/** One HTTP try. */
export const Attempt = z.object({
  attemptedAt: z.iso.datetime(),
  durationMs: z.int().min(0),
  result: AttemptResult,
  httpStatus: z.int().nullable(),
  /** What came back, cut off where it is long. */
  responseHeaders: z.record(z.string(), z.string()),
  responseBody: z.string().nullable(),
  /** What went wrong, where no answer came. */
  error: z.string().nullable(),
});
export type Attempt = z.infer<typeof Attempt>;
