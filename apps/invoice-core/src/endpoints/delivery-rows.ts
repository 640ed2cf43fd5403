import { Attempt, Delivery } from '@quittance/contracts';
import { parseJson } from '@quittance/rpc';
import type { Selectable } from 'kysely';
import type { Schema } from '../store/schema.ts';
import { webhookIdOf } from './message-of-event.ts';

export type DeliveryRow = Selectable<Schema['deliveries']>;

const isoOrNull = (time: number | null): string | null =>
  time === null ? null : new Date(time).toISOString();

export const toDelivery = (row: DeliveryRow, endpointPublicId: string): Delivery =>
  Delivery.parse({
    id: row.public_id,
    endpointId: endpointPublicId,
    webhookId: webhookIdOf(row.position),
    type: row.type,
    position: row.position,
    invoicePublicId: row.invoice_public_id,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: isoOrNull(row.next_attempt_at),
    createdAt: new Date(row.created_at).toISOString(),
    settledAt: isoOrNull(row.settled_at),
  });

export const toAttempt = (row: Selectable<Schema['attempts']>): Attempt =>
  Attempt.parse({
    attemptedAt: new Date(row.attempted_at).toISOString(),
    durationMs: row.duration_ms,
    result: row.result,
    httpStatus: row.http_status,
    responseHeaders: parseJson(row.response_headers),
    responseBody: row.response_body,
    error: row.error,
  });
