import { z } from 'zod';
import { MinorUnits, parseDecimal } from '../domain/money.ts';
import { notAnObject, oneOf, queryInteger, text, TimeToPayText, Uuid } from './fields.ts';

/**
 * Bitsby's own API below `/invoices`: text fields in, as a form or as JSON; `{ result, data }` out.
 * https://docs.bitsby.app/api-documentation/general-information
 */

const bodyError = { error: notAnObject('The body must be a JSON object') };

export const Seed003Currency = z.enum(['USD', 'EUR', 'RUB']);
export type Seed003Currency = z.infer<typeof Seed003Currency>;

const amountError = {
  error: 'must be a number above 0 with at most 2 decimals, such as 10.55',
};

/** Decimal text of a currency with two decimals; out exact minor units. Zeros past them carry no value and are taken. */
const AmountFiat = z
  .string(amountError)
  .regex(/^\d{1,13}(?:\.\d{1,2}0*)?$/, amountError)
  .transform((decimal) => parseDecimal(decimal, 'USD'))
  .pipe(MinorUnits.min(1, amountError));

/** The fields of `POST /invoices/create`. */
export const Seed003Create = z.strictObject(
  {
    projectId: Uuid,
    amountFiat: AmountFiat,
    currencyFiat: oneOf(Seed003Currency),
    /** The buyer sees it on the payment page. */
    description: text(0, 1000).nullish(),
    /** The merchant's own data, which comes back as it is; the buyer never sees it. */
    serviceData: text(0, 4096).nullish(),
    /** Hours. */
    timeToPay: TimeToPayText,
  },
  bodyError,
);
export type Seed003Create = z.output<typeof Seed003Create>;

export const Seed003Status = z.enum(['unpaid', 'paid', 'canceled', 'expired']);
export type Seed003Status = z.infer<typeof Seed003Status>;

const dateError = { error: 'must be a date such as 2026-01-31' };
const DateOfCreation = z.iso.date(dateError);

const dayMs = 86_400_000;

/** The first moment of a day in UTC. */
const startOf = DateOfCreation.transform((date) => `${date}T00:00:00.000Z`);

/** The first moment that is no longer of the day, so that the day itself counts. */
const endOf = DateOfCreation.transform((date) =>
  new Date(Date.parse(date) + dayMs).toISOString(),
).pipe(z.iso.datetime(dateError));

/** The fields of `POST /invoices/list`. All filters must hold. */
export const Seed003List = z
  .strictObject(
    {
      invoiceId: Uuid.nullish(),
      /** The id that the buyer sees. */
      invoiceUid: text(1, 255).nullish(),
      projectId: Uuid.nullish(),
      /** A day in UTC. */
      startDate: startOf.nullish(),
      /** A day in UTC, inclusive. */
      endDate: endOf.nullish(),
      status: oneOf(Seed003Status).nullish(),
      offset: queryInteger(0).nullish(),
      limit: queryInteger(1, 100).nullish(),
    },
    bodyError,
  )
  .refine(({ startDate, endDate }) => !startDate || !endDate || startDate < endDate, {
    path: ['endDate'],
    error: 'must not be before startDate',
  });
export type Seed003List = z.output<typeof Seed003List>;

/** The fields of `POST /invoices/cancel`. */
export const Seed003Cancel = z.strictObject({ invoiceId: Uuid }, bodyError);

/** Every route takes its fields from the body. */
export const Seed003NoQuery = z.strictObject({});

const said = z.string().optional().catch(undefined);

/**
 * What is read of Bitsby's own object of an invoice, in its words: times are UTC without zone, such as
 * `2024-02-29 15:20:24`; money is decimal text. What Bitsby does not say, or not as it is documented, is left out.
 */
export const Seed003Object = z.object({
  id: z.string(),
  uid: z.string(),
  createDatetime: said,
  timeToPayDatetime: z.string(),
  commissionFiatUSD: said,
  amountFiatUSD: said,
  url: z.string().default(''),
  /** Where how much of which cryptocurrency can be sent; not every version of the API says so. */
  wallets: z.array(z.record(z.string(), z.unknown())).optional().catch(undefined),
  /** How often the payment page was looked at. */
  views: z.coerce.number().int().min(0).catch(0),
});

const atBitsby = {
  id: z.string(),
  uid: z.string(),
  createDatetime: z.string(),
  timeToPayDatetime: z.string(),
  /** Bitsby does not always say it. */
  commissionFiatUSD: z.string().optional(),
  amountFiatUSD: z.string().optional(),
};

/** What the answer to a create has. */
export const Seed003New = z.object({
  ...atBitsby,
  url: z.string(),
  /** As Bitsby has it, where it says so. */
  wallets: Seed003Object.shape.wallets,
});
export type Seed003New = z.infer<typeof Seed003New>;

export const Seed003Invoice = z.object({
  id: atBitsby.id,
  uid: atBitsby.uid,
  projectId: z.uuid().nullable(),
  createDatetime: atBitsby.createDatetime,
  timeToPayDatetime: atBitsby.timeToPayDatetime,
  commissionFiatUSD: atBitsby.commissionFiatUSD,
  amountFiatUSD: atBitsby.amountFiatUSD,
  amountFiat: z.string(),
  currencyFiat: z.string(),
  description: z.string().nullable(),
  serviceData: z.string().nullable(),
  views: z.int().min(0),
  status: Seed003Status,
});
export type Seed003Invoice = z.infer<typeof Seed003Invoice>;

const success = <T extends z.ZodType>(data: T) => z.object({ result: z.literal('success'), data });

export const Seed003Created = success(Seed003New);
export type Seed003Created = z.infer<typeof Seed003Created>;

/** Newest first. */
export const Seed003Listed = success(z.array(Seed003Invoice));
export type Seed003Listed = z.infer<typeof Seed003Listed>;

export const Seed003Canceled = success(z.literal('Invoice canceled'));
export type Seed003Canceled = z.infer<typeof Seed003Canceled>;

/** `data` says what is wrong with which field. */
export const Seed003Error = z.object({ result: z.literal('error'), data: z.string() });
export type Seed003Error = z.infer<typeof Seed003Error>;
