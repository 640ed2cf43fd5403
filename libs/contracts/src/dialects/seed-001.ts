import { z } from 'zod';
import { TelegramId } from '../domain/identity.ts';
import { MinorUnits, parseDecimal } from '../domain/money.ts';
import { StorableText } from '../domain/text.ts';
import { notAnObject, oneOf, queryInteger } from './fields.ts';
import { TelegramDescription, TelegramPayload, TelegramTitle } from './telegram-fields.ts';

/**
 * The web API of the BBP bot, below `/v2/bots/:botId/web-app`, and the QR codes that it points to. Parameters come as a
 * query, a form or JSON, numbers as the text that they are written as. https://github.com/nasirul786/BB-Point-API
 */

const bodyError = { error: notAnObject('The body must be a JSON object') };

/** Parameters by name, before anything is known of their values. */
export const Seed001Parameters = z.record(z.string(), z.unknown(), bodyError);
export type Seed001Parameters = z.infer<typeof Seed001Parameters>;

const amountError = { error: 'must be a whole number above 0, such as 150' };

/** Whole Stars or BB Points, which have no decimals. Zeros past the point carry no value and are taken. */
const Amount = z
  .string(amountError)
  .regex(/^\d+(?:\.0+)?$/, amountError)
  .transform((decimal) => parseDecimal(decimal, 'XTR'))
  .pipe(MinorUnits.min(1, amountError));

const userIdError = { error: 'must be a Telegram id, such as 123456789' };

const UserId = z
  .string(userIdError)
  .regex(/^[1-9]\d{0,15}$/, userIdError)
  .transform(Number)
  .pipe(z.int(userIdError))
  .pipe(TelegramId);

/** Anything that might be one: what is none is refused as a wrong one is. */
const SomePin = z.string({ error: 'must be text' }).max(64, { error: 'must be 4 to 6 characters' });

/** The parameters of `new-invoice`, in the order in which missing ones are told. */
export const Seed001Create = z.object({
  amount: Amount,
  /** The Telegram id of the creator. */
  userId: UserId,
  pin: SomePin,
  description: TelegramDescription,
  title: TelegramTitle,
  payload: TelegramPayload,
});
export type Seed001Create = z.output<typeof Seed001Create>;

const invoiceIdError = { error: 'must be the invoiceId of an invoice' };

/** The parameters of `invoice-status`. */
export const Seed001Status = z.object({
  invoiceId: z.string(invoiceIdError).max(255, invoiceIdError).pipe(StorableText),
  /** Of the invoice's creator. */
  pin: SomePin,
});
export type Seed001Status = z.output<typeof Seed001Status>;

const shown = {
  /** Where the QR code is. */
  qrCode: z.url(),
  invoiceId: z.string(),
  title: z.string(),
  /** Decimal text. */
  amount: z.string(),
  /** The Telegram id of the creator; null for one who is no longer in Telegram. */
  userId: z.string().nullable(),
  /** Null where the provider gave none. */
  payLink: z.string().nullable(),
  description: z.string(),
  status: z.string(),
  /** The Telegram id of the payer; null where that is nobody, or nobody knows who. */
  paidBy: z.string().nullable(),
};

/** In the order of the fields of the original, as are those of a status. */
export const Seed001Invoice = z.object(shown);
export type Seed001Invoice = z.infer<typeof Seed001Invoice>;

export const Seed001Created = z.object({ status: z.literal('success'), invoice: Seed001Invoice });
export type Seed001Created = z.infer<typeof Seed001Created>;

/** `paidBy` is the text `Not yet paid` while nobody has. */
export const Seed001Seen = z.object({
  status: z.literal('success'),
  invoice: z.object({
    invoiceId: shown.invoiceId,
    title: shown.title,
    amount: shown.amount,
    description: shown.description,
    status: shown.status,
    paidBy: shown.paidBy,
    qrCode: shown.qrCode,
    payLink: shown.payLink,
    userId: shown.userId,
  }),
});
export type Seed001Seen = z.infer<typeof Seed001Seen>;

export const Seed001Error = z.object({ status: z.literal('error'), msg: z.string() });
export type Seed001Error = z.infer<typeof Seed001Error>;

const textError = { error: 'must be the text of the QR code' };

const color = (name: string) =>
  z
    .string()
    .regex(/^(?:[0-9a-f]{3}|[0-9a-f]{6})$/i, { error: 'must be 3 or 6 hex digits, such as ff0000' })
    .default(name);

/** The query of `GET /v2/qr`, as QuickChart has it: https://quickchart.io/documentation/qr-codes/ */
export const QrQuery = z.strictObject({
  text: z.string(textError).min(1, textError),
  format: oneOf(z.enum(['png', 'svg'])).default('png'),
  /** Pixels; a code that needs more gets more. */
  size: queryInteger(1, 1000).default(150),
  /** Modules of the code. */
  margin: queryInteger(0, 100).default(4),
  ecLevel: oneOf(z.enum(['L', 'M', 'Q', 'H'])).default('M'),
  dark: color('000000'),
  light: color('ffffff'),
});
export type QrQuery = z.output<typeof QrQuery>;
