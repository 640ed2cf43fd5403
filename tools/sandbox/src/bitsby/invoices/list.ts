import type { z } from 'zod';
import { daysShape, invoiceStatus, pageShape, text, uuid } from '../api/params.ts';
import type { Call } from '../call.ts';
import { isWithin } from '../datetime.ts';
import type { Invoice } from '../state.ts';
import { presentInvoice } from './present.ts';
import { statusOf } from './status.ts';

export const listShape = {
  invoiceId: uuid.optional(),
  invoiceUid: text.optional(),
  projectId: uuid.optional(),
  ...daysShape,
  status: invoiceStatus.optional(),
  ...pageShape,
};

type Params = z.output<z.ZodObject<typeof listShape>>;

const isWanted = <T>(wanted: T | undefined, value: T): boolean =>
  wanted === undefined || wanted === value;

/** Newest first. */
export const listInvoices = (
  { state, apiKey, now }: Call,
  { invoiceId, invoiceUid, projectId, status, offset, limit, ...days }: Params,
) => {
  const matches = (invoice: Invoice): boolean =>
    invoice.apiKey === apiKey &&
    isWanted(invoiceUid, invoice.uid) &&
    isWanted(projectId, invoice.projectId) &&
    isWanted(status, statusOf(invoice, now)) &&
    isWithin(days, invoice.createdAt);
  const candidates =
    invoiceId === undefined
      ? state.invoices.newestFirst()
      : [state.invoices.get(invoiceId)].filter((invoice) => invoice !== undefined);
  return candidates
    .filter(matches)
    .slice(offset, offset + limit)
    .map((invoice) => presentInvoice(invoice, now));
};
