import { formatDecimal, type Invoice } from '@quittance/contracts';
import { readProviderData } from '@quittance/contracts/canonical';
import type { Seed001Invoice, Seed001Seen } from '@quittance/contracts/seed-001';
import { z } from 'zod';
import { statusOf } from './statuses.ts';

/** What we read of the object of an invoice that the bot has. */
const AtBot = z.object({
  title: z.union([z.string(), z.number()]).transform(String),
  payLink: z.string().nullish(),
});

interface Context {
  /** The Telegram id of the creator. */
  userId: number | null;
  /** Where the QR code of a text is. */
  qrUrl: (text: string) => string;
}

export const toSeed001Invoice = (invoice: Invoice, { userId, qrUrl }: Context): Seed001Invoice => {
  const { publicId, providerRef, providerData, description, status, payments } = invoice;
  if (providerRef === null || providerData === null) {
    throw new TypeError(`No bot has made invoice ${publicId}`);
  }
  const { title, payLink = null } = AtBot.parse(readProviderData(providerData));
  const amount = formatDecimal(invoice);
  return {
    qrCode: qrUrl(JSON.stringify({ invoiceId: providerRef, title, amount })),
    invoiceId: providerRef,
    title,
    amount,
    userId: userId === null ? null : String(userId),
    payLink,
    description: description ?? title,
    status: statusOf[status],
    paidBy: payments.at(-1)?.payer ?? null,
  };
};

/** The fields that the original's source shows, in its order, and after them those that only its documentation has. */
export const toSeed001Seen = (invoice: Invoice, context: Context): Seed001Seen['invoice'] => {
  const { qrCode, payLink, userId, ...shown } = toSeed001Invoice(invoice, context);
  return {
    invoiceId: shown.invoiceId,
    title: shown.title,
    amount: shown.amount,
    description: shown.description,
    status: shown.status,
    paidBy: invoice.payments.length === 0 ? 'Not yet paid' : shown.paidBy,
    qrCode,
    payLink,
    userId,
  };
};
