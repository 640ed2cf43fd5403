import { z } from 'zod';
import { InvoiceStatus, PublicId } from '../domain/invoice.ts';
import { ProviderName } from '../domain/provider.ts';
import { flag, integer, notAnObject, oneOf, queryInteger, text, Time } from './fields.ts';

/** The body of an operation that takes none: it may also be left out. */
export const CanonicalNoBody = z.strictObject(
  {},
  { error: notAnObject('The body must be a JSON object') },
);

/** The body of `POST /v1/invoices/:id/pay`, which may also be left out. */
export const CanonicalPay = z
  .strictObject(
    {
      /** The provider's id of what pays; what it has on record, where not given. */
      paymentMethod: text(1, 255).nullish(),
      /** Whether it was paid elsewhere, and the provider only has to know. */
      outOfBand: flag.nullish(),
    },
    { error: notAnObject('The body must be a JSON object') },
  )
  .refine(({ paymentMethod = null, outOfBand }) => paymentMethod === null || outOfBand !== true, {
    path: ['outOfBand'],
    error: 'cannot be given together with paymentMethod',
  });
export type CanonicalPay = z.output<typeof CanonicalPay>;

/** The body of `POST /v1/invoices/:id/refunds`, which may also be left out. */
export const CanonicalRefundCreate = z.strictObject(
  {
    /** Minor units of the invoice's currency; all that is left, where not given. */
    amount: integer(1).nullish(),
    reason: text(0, 255).nullish(),
  },
  { error: notAnObject('The body must be a JSON object') },
);
export type CanonicalRefundCreate = z.output<typeof CanonicalRefundCreate>;

/** The query of a route that takes none. */
export const CanonicalNoQuery = z.strictObject({});

/** The query of `GET /v1/invoices/:id`. */
export const CanonicalGetQuery = z.strictObject({ at: Time.optional() });

/** The query of `GET /v1/invoices`. All filters must hold. */
export const CanonicalListQuery = z
  .strictObject({
    status: oneOf(InvoiceStatus).optional(),
    provider: oneOf(ProviderName).optional(),
    userId: queryInteger(1).optional(),
    itemType: text(1, 64).optional(),
    itemId: text(1, 255).optional(),
    /** Inclusive. */
    createdFrom: Time.optional(),
    /** Exclusive. */
    createdTo: Time.optional(),
    /** Minor units, inclusive. */
    minAmount: queryInteger(0).optional(),
    /** Minor units, inclusive. */
    maxAmount: queryInteger(0).optional(),
    /** Words of the description, each of which must be in it. */
    q: z.string().trim().pipe(text(1, 255)).optional(),
    /** `next` of the page before. */
    after: z
      .string()
      .refine((cursor) => PublicId.safeParse(cursor).success, {
        error: 'must be the next of a page',
      })
      .optional(),
    limit: queryInteger(1, 200).default(20),
  })
  .refine(({ itemType, itemId }) => itemType !== undefined || itemId === undefined, {
    path: ['itemType'],
    error: 'must be given together with itemId',
  })
  .refine(({ itemType, itemId }) => itemType === undefined || itemId !== undefined, {
    path: ['itemId'],
    error: 'must be given together with itemType',
  });
export type CanonicalListQuery = z.output<typeof CanonicalListQuery>;

/** The query of `GET /v1/events`. */
export const CanonicalFeedQuery = z.strictObject({
  /** `next` of the page before; from the first event, where not given. */
  after: queryInteger(0).default(0),
  limit: queryInteger(1, 1000).default(100),
});
