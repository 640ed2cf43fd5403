import { z } from 'zod';
import {
  Attempt,
  Delivery,
  DeliveryId,
  DeliveryState,
  Endpoint,
  EndpointId,
  RetrySchedule,
  WebhookEventType,
  WebhookFormat,
} from './domain/endpoint.ts';
import { Caller } from './domain/identity.ts';
import { PublicId } from './domain/invoice.ts';
import { ProjectId } from './domain/project.ts';
import { StorableText } from './domain/text.ts';

const ofCaller = { caller: Caller };

/** Names as they are sent: what HTTP and Standard Webhooks reserve cannot be set. */
const HeaderName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, { error: 'must be a header name' })
  .refine(
    (name) =>
      !/^(?:webhook-.*|host|connection|content-length|content-type|transfer-encoding|user-agent|te|trailer|upgrade|keep-alive|expect|proxy-.*)$/i.test(
        name,
      ),
    { error: 'cannot be set' },
  );

const Terms = z.object({
  url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).max(2048),
  description: StorableText.max(255).nullable(),
  /** Null for all. */
  eventTypes: z.array(WebhookEventType).min(1).max(100).nullable(),
  /** Sent with every delivery; kept encrypted. */
  headers: z
    .record(
      HeaderName,
      z.string().regex(/^[\t\x20-\x7e]{0,1024}$/, { error: 'must be printable ASCII' }),
    )
    .refine((headers) => Object.keys(headers).length <= 20, { error: 'must be at most 20' }),
  ordered: z.boolean(),
  retries: RetrySchedule,
});

export const CreateEndpoint = Terms.extend({
  ...ofCaller,
  /** Only the events of this project's invoices; null for all of the account's. It stays so. */
  projectId: ProjectId.nullable(),
  /** It stays so. */
  format: WebhookFormat,
  idempotencyKey: z.string().min(1).max(255).nullable(),
});
export type CreateEndpoint = z.infer<typeof CreateEndpoint>;

export const EndpointOfCaller = z.object({ ...ofCaller, id: EndpointId });
export type EndpointOfCaller = z.infer<typeof EndpointOfCaller>;

/** What is not given stays as it is. */
export const UpdateEndpoint = Terms.partial().extend({
  ...EndpointOfCaller.shape,
  /** Enabling goes on with what is still pending; what happened meanwhile can be replayed. */
  enabled: z.boolean().optional(),
});
export type UpdateEndpoint = z.infer<typeof UpdateEndpoint>;

/** The only time that a secret is seen whole. */
export const EndpointWithSecret = z.object({ endpoint: Endpoint, secret: z.string() });
export type EndpointWithSecret = z.infer<typeof EndpointWithSecret>;

/** The old secret goes on signing beside the new one for a while. */
export const RotatedSecret = EndpointWithSecret.extend({ oldSecretUntil: z.iso.datetime() });
export type RotatedSecret = z.infer<typeof RotatedSecret>;

/** A test ping: it is sent at once, once, and is no event. */
export const TestedEndpoint = z.object({ webhookId: z.string(), attempt: Attempt });
export type TestedEndpoint = z.infer<typeof TestedEndpoint>;

export const ReplayEndpoint = z.object({
  ...EndpointOfCaller.shape,
  what: z.discriminatedUnion('kind', [
    /** Every delivery of it that has failed. */
    z.object({ kind: z.literal('failed') }),
    /** Every event of a time that it asks to be told, sent before or not: since inclusive, until exclusive. */
    z.object({ kind: z.literal('range'), since: z.iso.datetime(), until: z.iso.datetime() }),
  ]),
});
export type ReplayEndpoint = z.infer<typeof ReplayEndpoint>;

/** How many deliveries are to be made again. */
export const Replayed = z.object({ deliveries: z.int().min(0) });
export type Replayed = z.infer<typeof Replayed>;

export const ListDeliveries = z.object({
  ...ofCaller,
  filter: z.object({
    endpointId: EndpointId.optional(),
    state: DeliveryState.optional(),
    type: WebhookEventType.optional(),
    invoicePublicId: PublicId.optional(),
  }),
  /** The last id of the page before; null for the first page. */
  after: DeliveryId.nullable(),
  limit: z.int().min(1).max(200),
});
export type ListDeliveries = z.infer<typeof ListDeliveries>;

/** Newest first. `next` is what to pass as `after` for the following page; null on the last. */
export const DeliveryPage = z.object({
  deliveries: z.array(Delivery),
  next: DeliveryId.nullable(),
});
export type DeliveryPage = z.infer<typeof DeliveryPage>;

export const DeliveryOfCaller = z.object({ ...ofCaller, id: DeliveryId });
export type DeliveryOfCaller = z.infer<typeof DeliveryOfCaller>;

export const EventOfCaller = z.object({ ...ofCaller, position: z.int().positive() });
export type EventOfCaller = z.infer<typeof EventOfCaller>;

/** An event as endpoints get it. */
export const WebhookMessage = z.object({ webhookId: z.string(), body: z.string() });
export type WebhookMessage = z.infer<typeof WebhookMessage>;
