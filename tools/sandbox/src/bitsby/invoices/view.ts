import type { Work } from '../call.ts';
import type { Invoice } from '../state.ts';
import { requireInvoice } from './find-invoice.ts';

/** Counts that the payment page was opened. */
export const viewInvoice = (work: Work, uid: string): Invoice => {
  const invoice = requireInvoice(work, uid);
  const viewed = { ...invoice, views: invoice.views + 1 };
  work.state.invoices.put(invoice.id, viewed);
  return viewed;
};
