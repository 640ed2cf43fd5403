import { z } from 'zod';
import {
  DeliveryId,
  DeliveryState,
  EndpointId,
  RetrySchedule,
  WebhookEventType,
  WebhookFormat,
} from '../domain/endpoint.ts';
import { PublicId } from '../domain/invoice.ts';
import { CreateEndpoint } from '../webhook-requests.ts';
import { flag, notAnObject, oneOf, queryInteger, text, Time, Uuid } from './fields.ts';

const { url, headers } = CreateEndpoint.shape;

const typesError = { error: 'must be a list of 1 to 100 types of events' };

const HeaderValue = z.string({ error: 'must be printable ASCII' }).pipe(headers.valueType);

/** Each name once in any case, since HTTP knows no other. */
const Headers = z
  .record(z.string(), HeaderValue, {
    error: notAnObject('must be an object of header names and values'),
  })
  .superRefine((given, context) => {
    const seen = new Set<string>();
    for (const name of Object.keys(given)) {
      const [issue] = headers.keyType.safeParse(name).error?.issues ?? [];
      const isTwice = seen.has(name.toLowerCase());
      const message = issue?.message ?? (isTwice ? 'is given twice' : undefined);
      if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
      seen.add(name.toLowerCase());
    }
  });

const terms = {
  url: text(1, 2048).pipe(url),
  description: text(0, 255).nullish(),
  /** Which events to be told; null for all, also those that are added. */
  eventTypes: z
    .array(oneOf(WebhookEventType), typesError)
    .min(1, typesError)
    .max(100, typesError)
    .nullish(),
  /** Sent with every delivery. */
  headers: Headers.nullish(),
};

const bodyError = { error: notAnObject('The body must be a JSON object') };

/** The body of `POST /v1/webhook-endpoints`. */
export const CanonicalEndpointCreate = z.strictObject(
  {
    ...terms,
    /** Whether an invoice's events come one after the other, each only when the one before has arrived. */
    ordered: flag.nullish(),
    /** Only the events of this project's invoices; of all of the account's, where not given. */
    projectId: Uuid.nullish(),
    /** What a body looks like; Standard Webhooks' own, where not given. */
    format: oneOf(WebhookFormat).nullish(),
    /** When what failed is sent again; as goes with the format, where not given. */
    retries: oneOf(RetrySchedule).nullish(),
  },
  bodyError,
);
export type CanonicalEndpointCreate = z.output<typeof CanonicalEndpointCreate>;

/** The body of `PATCH /v1/webhook-endpoints/:id`: what is not given stays, what is null is cleared. */
export const CanonicalEndpointUpdate = z.strictObject(
  {
    ...terms,
    url: terms.url.optional(),
    ordered: flag.optional(),
    retries: oneOf(RetrySchedule).optional(),
    enabled: flag.optional(),
  },
  bodyError,
);
export type CanonicalEndpointUpdate = z.output<typeof CanonicalEndpointUpdate>;

/** The body of `POST /v1/webhook-endpoints/:id/replay`: all that have failed, or all events of a time. */
export const CanonicalReplay = z
  .strictObject(
    {
      failed: z.literal(true, { error: 'must be true' }).nullish(),
      /** Inclusive. */
      since: Time.nullish(),
      /** Exclusive. */
      until: Time.nullish(),
    },
    bodyError,
  )
  .transform(({ failed, since, until }, context) => {
    const refuse = (param: string, message: string) => {
      context.addIssue({ code: 'custom', path: [param], message });
      return z.NEVER;
    };
    const isRange = typeof since === 'string' || typeof until === 'string';
    if (failed === true) {
      return isRange
        ? refuse('failed', 'cannot be given together with since and until')
        : { kind: 'failed' as const };
    }
    if (!isRange) return refuse('failed', 'must be true, unless since and until are given');
    if (typeof since !== 'string') return refuse('since', 'must be given together with until');
    if (typeof until !== 'string') return refuse('until', 'must be given together with since');
    if (since >= until) return refuse('until', 'must be later than since');
    return { kind: 'range' as const, since, until };
  });
export type CanonicalReplay = z.output<typeof CanonicalReplay>;

const idOf = (schema: z.ZodString, what: string) =>
  z.string().refine((id) => schema.safeParse(id).success, { error: `must be ${what}` });

/** The query of `GET /v1/deliveries`. All filters must hold. */
export const CanonicalDeliveriesQuery = z.strictObject({
  endpointId: idOf(EndpointId, 'the id of a webhook endpoint').optional(),
  status: oneOf(DeliveryState).optional(),
  type: oneOf(WebhookEventType).optional(),
  invoiceId: idOf(PublicId, 'the id of an invoice').optional(),
  /** `next` of the page before. */
  after: idOf(DeliveryId, 'the next of a page').optional(),
  limit: queryInteger(1, 200).default(20),
});
export type CanonicalDeliveriesQuery = z.output<typeof CanonicalDeliveriesQuery>;
