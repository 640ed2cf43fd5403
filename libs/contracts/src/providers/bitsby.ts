import { z } from 'zod';

/**
 * What we read of Bitsby's wire format. Objects are loose: what we do not read is kept, and what not every version of
 * the documents has may be missing. https://docs.bitsby.app
 */

/** Fiat money: text with two decimals; a number is taken by the digits that it is written with. */
const Fiat = z.union([z.string(), z.number().transform(String)]);

/** UTC as `YYYY-MM-DD HH:MM:SS`. */
export const BitsbyDatetime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  .refine((text) => !Number.isNaN(Date.parse(`${text.replace(' ', 'T')}Z`)), {
    error: 'must be a time such as 2024-02-29 15:20:24',
  });

/** Every answer, whatever its HTTP status: an error's `data` is text for people. */
export const BitsbyAnswer = z.discriminatedUnion('result', [
  z.looseObject({ result: z.literal('success'), data: z.unknown() }),
  z.looseObject({ result: z.literal('error'), data: z.unknown() }),
]);
export type BitsbyAnswer = z.infer<typeof BitsbyAnswer>;

/** Nothing hangs on these: what cannot be read is left out. */
const inUSD = {
  commissionFiatUSD: Fiat.optional().catch(undefined),
  amountFiatUSD: Fiat.optional().catch(undefined),
};

/** https://docs.bitsby.app/api-documentation/invoice-creation, of which there are three versions. */
export const CreatedInvoice = z.looseObject({
  id: z.string().min(1),
  uid: z.string().min(1),
  timeToPayDatetime: BitsbyDatetime,
  url: z.string(),
  ...inUSD,
});
export type CreatedInvoice = z.infer<typeof CreatedInvoice>;

export const BitsbyStatus = z.enum(['unpaid', 'canceled', 'paid', 'expired']);

/** https://docs.bitsby.app/api-documentation/invoice-list */
export const ListedInvoice = z.looseObject({
  id: z.string().min(1),
  uid: z.string().min(1),
  timeToPayDatetime: BitsbyDatetime,
  amountFiat: Fiat,
  currencyFiat: z.string(),
  /** Documented for webhooks alone. */
  calcAmountFiat: Fiat.nullish(),
  ...inUSD,
  /** When it was made. */
  createDatetime: BitsbyDatetime.optional().catch(undefined),
  serviceData: z.string().nullish(),
  status: BitsbyStatus,
});
export type ListedInvoice = z.infer<typeof ListedInvoice>;

const Wallet = z.looseObject({
  id: z.string(),
  name: z.string(),
  blockchain: z.string().nullish(),
  cryptocurrency: z.string().nullish(),
  address: z.string(),
});

const Transaction = z.looseObject({
  id: z.string().min(1),
  /** Decimal of the cryptocurrency. */
  amount: z.union([z.string(), z.number().transform(String)]),
  /** Money that came by card has none. */
  hash: z.string().nullish(),
  transactionDatetime: BitsbyDatetime,
});

/** https://docs.bitsby.app/api-documentation/list-of-payments */
export const BitsbyPayment = Transaction.extend({
  /** Both only where the payment is bound to an invoice. */
  invoice: z.looseObject({ id: z.string(), calcAmountFiat: Fiat.nullish() }).nullish(),
  wallet: Wallet.nullish().catch(undefined),
  /** Documented for webhooks alone. */
  calcAmountFiat: Fiat.nullish(),
});
export type BitsbyPayment = z.infer<typeof BitsbyPayment>;

/**
 * Tells that an invoice was paid. Nothing in it proves where it comes from.
 * https://docs.bitsby.app/webhook-url, of which there are two versions
 */
export const BitsbyWebhook = z.looseObject({
  wallet: Wallet.nullish().catch(undefined),
  project: z.looseObject({ id: z.string(), name: z.string() }),
  invoice: z.looseObject({
    id: z.string().min(1),
    uid: z.string(),
    amountFiat: Fiat,
    /** What was received, at the rate of the moment of payment: it may be more or less than `amountFiat`. */
    calcAmountFiat: Fiat,
    currencyFiat: z.string(),
    status: z.string(),
  }),
  payment: Transaction,
});
export type BitsbyWebhook = z.infer<typeof BitsbyWebhook>;
