import type { Invoice, OwnedInvoice } from '@quittance/contracts';
import { readProviderData } from '@quittance/contracts/canonical';
import type { Seed002Created, Seed002Invoice } from '@quittance/contracts/seed-002';
import { withLegacyFields } from './legacy-fields.ts';
import { statusOf } from './statuses.ts';

/** Stripe's object of an invoice that Stripe has made. */
export const toSeed002Created = ({ publicId, providerData }: Invoice): Seed002Created => {
  if (providerData === null) throw new TypeError(`Stripe has not made invoice ${publicId}`);
  return withLegacyFields(readProviderData(providerData));
};

const pdfOf = ({ providerData }: Invoice): string | null => {
  const pdf = providerData === null ? null : readProviderData(providerData)['invoice_pdf'];
  return typeof pdf === 'string' ? pdf : null;
};

export const toSeed002Invoice = ({ invoice, user }: OwnedInvoice): Seed002Invoice => {
  const { publicId, providerRef, status, amount, createdAt, updatedAt } = invoice;
  if (providerRef === null) throw new TypeError(`Stripe has no invoice ${publicId}`);
  return {
    _id: publicId,
    invoiceId: providerRef,
    user: { _id: user.publicId, name: user.name },
    status: statusOf[status],
    amount,
    invoicePdf: pdfOf(invoice),
    createdAt,
    updatedAt,
  };
};
