import { z } from 'zod';

/**
 * What we read of the BBP bot's web API. Neither its documentation nor its source holds to one type for a field, so what
 * may be a number or text is read as text. https://github.com/nasirul786/BB-Point-API
 */

const loose = z.union([z.string(), z.number()]).transform(String);

/** The text that stands in the place of nobody. */
const notYetPaid = 'Not yet paid';

/** An invoice, of which `new-invoice` shows all and `invoice-status` a part. */
export const BotsBusinessInvoice = z.looseObject({
  invoiceId: z.string().min(1),
  amount: loose.optional(),
  payLink: z.string().optional(),
  status: z.string(),
  /** The Telegram id of who paid. */
  paidBy: loose
    .nullish()
    .transform((paidBy) => (paidBy === notYetPaid || paidBy === undefined ? null : paidBy)),
});
export type BotsBusinessInvoice = z.infer<typeof BotsBusinessInvoice>;

/** An answer of either kind. Its HTTP status is 200 also when it is an error. */
export const BotsBusinessAnswer = z.discriminatedUnion('status', [
  z.looseObject({ status: z.literal('success') }),
  z.looseObject({ status: z.literal('error'), msg: z.string() }),
]);
export type BotsBusinessAnswer = z.infer<typeof BotsBusinessAnswer>;

/**
 * What it posts to a user's webhook: of a payment in the chat with `invoiceId`, of one by QR code or API without.
 * Nothing proves where it comes from.
 */
export const BotsBusinessWebhook = z.looseObject({
  invoiceId: z.string().min(1).optional().catch(undefined),
  /** `credit` is for who made the invoice, `debit` for who paid. */
  direction: z.string(),
});
export type BotsBusinessWebhook = z.infer<typeof BotsBusinessWebhook>;
