import { recordReceipt } from '../billing/days.ts';
import type { Work } from '../call.ts';
import type { Invoice, Payment } from '../state.ts';

/** Binds the payment to the invoice, which is paid with it, whatever the amount. */
export const markPaid = (work: Work, invoice: Invoice, payment: Payment): Payment => {
  const paid: Invoice = { ...invoice, status: 'paid' };
  const bound = { ...payment, invoiceId: invoice.id };
  work.state.invoices.put(paid.id, paid);
  work.state.payments.put(bound.id, bound);
  recordReceipt(work, paid);
  work.announcePaid(paid, bound);
  return bound;
};
