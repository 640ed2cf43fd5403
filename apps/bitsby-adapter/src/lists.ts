import { BitsbyPayment, ListedInvoice } from '@quittance/contracts/bitsby';
import { z } from 'zod';
import type { Connection } from './connection.ts';
import { unavailable } from './errors.ts';
import type { Patience } from './patience.ts';

/** How many records are asked for at once. Bitsby gives 10 unless told; the most that it gives is not documented. */
const pageSize = 100;

const read = <T>(schema: z.ZodType<T>, data: unknown): T => {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  throw unavailable('Bitsby gave an answer that cannot be read', result.error);
};

/** The invoice with that id. https://docs.bitsby.app/api-documentation/invoice-list */
export const listInvoice = async (
  bitsby: Connection,
  id: string,
  patience: Patience,
): Promise<ListedInvoice | undefined> => {
  const data = await bitsby.ask('/invoices/list', { invoiceId: id }, patience);
  return read(z.array(ListedInvoice), data).find((invoice) => invoice.id === id);
};

/** Fewer on a page are the last: Bitsby gives as many unless told otherwise. */
const documentedPageSize = 10;

/** How many pages of payments are read for one invoice. */
const maxPaymentPages = 10;

/**
 * The payments that are bound to an invoice. https://docs.bitsby.app/api-documentation/list-of-payments
 * @throws DomainError `unavailable` when there are too many to read
 */
export const listPayments = async (
  bitsby: Connection,
  invoiceId: string,
  patience: Patience,
): Promise<BitsbyPayment[]> => {
  const byId = new Map<string, BitsbyPayment>();
  let offset = 0;
  for (let page = 0; page < maxPaymentPages; page += 1) {
    const fields = { invoiceId, offset: String(offset), limit: String(pageSize) };
    const data = await bitsby.ask('/payments/list', fields, patience);
    const payments = read(z.array(BitsbyPayment), data);
    for (const payment of payments) {
      if (payment.invoice?.id === invoiceId) byId.set(payment.id, payment);
    }
    if (payments.length < documentedPageSize) return [...byId.values()];
    offset += payments.length;
  }
  throw unavailable('There are too many payments at Bitsby to look through now');
};

export interface PageOfProject {
  projectId: string;
  /** The day of creation from which on, `YYYY-MM-DD`. */
  startDate: string;
  offset: number;
}

/** Some of a project's invoices, each still unread: one that is not ours may be as it likes. */
export const listPage = async (
  bitsby: Connection,
  { offset, ...filters }: PageOfProject,
  patience: Patience,
): Promise<unknown[]> => {
  const fields = { ...filters, offset: String(offset), limit: String(pageSize) };
  return read(z.array(z.unknown()), await bitsby.ask('/invoices/list', fields, patience));
};

const Marked = z.looseObject({ serviceData: z.string() });

/** The invoice with that service data in a page. */
export const invoiceWhere = (
  page: readonly unknown[],
  fits: (serviceData: string) => boolean,
): ListedInvoice | undefined => {
  const found = page.find((item) => {
    const { data } = Marked.safeParse(item);
    return data !== undefined && fits(data.serviceData);
  });
  return found === undefined ? undefined : read(ListedInvoice, found);
};
