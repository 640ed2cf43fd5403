import { z } from 'zod';
import {
  Attempt,
  Delivery,
  DeliveryId,
  DeliveryState,
  DisabledReason,
  Endpoint,
} from '../domain/endpoint.ts';
import { PublicId } from '../domain/invoice.ts';
import { Replayed, RotatedSecret, TestedEndpoint, WebhookMessage } from '../webhook-requests.ts';

/** A URL that events are sent to. Its secret and the values of its headers are never shown again. */
export const CanonicalEndpoint = z.object({
  ...Endpoint.pick({
    id: true,
    url: true,
    description: true,
    eventTypes: true,
    headerNames: true,
    ordered: true,
    projectId: true,
    format: true,
    retries: true,
  }).shape,
  enabled: z.boolean(),
  /** Null while it is enabled. */
  disabledReason: DisabledReason.nullable(),
  ...Endpoint.pick({ failingSince: true, createdAt: true, updatedAt: true }).shape,
});
export type CanonicalEndpoint = z.infer<typeof CanonicalEndpoint>;

/** An endpoint with the secret that signs its deliveries: this answer alone has it. */
export const CanonicalEndpointWithSecret = CanonicalEndpoint.extend({ secret: z.string() });
export type CanonicalEndpointWithSecret = z.infer<typeof CanonicalEndpointWithSecret>;

/** With a new secret; until then the old one signs beside it. */
export const CanonicalRotatedSecret = CanonicalEndpointWithSecret.extend(
  RotatedSecret.pick({ oldSecretUntil: true }).shape,
);
export type CanonicalRotatedSecret = z.infer<typeof CanonicalRotatedSecret>;

/** All endpoints of the account. */
export const CanonicalEndpoints = z.object({ data: z.array(CanonicalEndpoint) });
export type CanonicalEndpoints = z.infer<typeof CanonicalEndpoints>;

/** A test ping, and what came of it. */
export const CanonicalTested = TestedEndpoint;
export type CanonicalTested = TestedEndpoint;

/** How many deliveries are to be made again. */
export const CanonicalReplayed = Replayed;
export type CanonicalReplayed = Replayed;

/** One event for one endpoint. */
export const CanonicalDelivery = z.object({
  ...Delivery.pick({
    id: true,
    endpointId: true,
    webhookId: true,
    type: true,
    position: true,
  }).shape,
  /** Null for an event of an endpoint. */
  invoiceId: PublicId.nullable(),
  status: DeliveryState,
  ...Delivery.pick({ attempts: true, nextAttemptAt: true, createdAt: true, settledAt: true }).shape,
});
export type CanonicalDelivery = z.infer<typeof CanonicalDelivery>;

/** Newest first. `next` is the `after` of the following page; null on the last. */
export const CanonicalDeliveryPage = z.object({
  data: z.array(CanonicalDelivery),
  next: DeliveryId.nullable(),
});
export type CanonicalDeliveryPage = z.infer<typeof CanonicalDeliveryPage>;

/** The tries of a delivery, oldest first. */
export const CanonicalAttempts = z.object({ data: z.array(Attempt) });
export type CanonicalAttempts = z.infer<typeof CanonicalAttempts>;

/** An event as endpoints get it: `body` is the very text that is signed. */
export const CanonicalMessage = WebhookMessage;
export type CanonicalMessage = WebhookMessage;
