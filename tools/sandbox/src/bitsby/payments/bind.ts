import { refused } from '../api/errors.ts';
import type { Call, Work } from '../call.ts';
import { findInvoice } from '../invoices/find-invoice.ts';
import type { Invoice, Payment } from '../state.ts';
import { markPaid } from './mark-paid.ts';

/** Only an invoice that can still be paid, though it may have expired, and a payment that pays no other. */
export const bind = (work: Work, invoice: Invoice, payment: Payment): Payment => {
  if (payment.invoiceId !== null) throw refused('paymentId: payment is already bound');
  if (invoice.status !== 'unpaid') throw refused(`invoiceId: invoice is ${invoice.status}`);
  return markPaid(work, invoice, payment);
};

/** Source: https://docs.bitsby.app/api-documentation/bind-payment-to-invoice */
export const bindPayment = (
  call: Call,
  { invoiceId, paymentId }: { invoiceId: string; paymentId: string },
): string => {
  const invoice = findInvoice(call, invoiceId);
  const payment = call.state.payments.get(paymentId);
  if (payment?.apiKey !== call.apiKey) throw refused('paymentId: payment not found');
  bind(call, invoice, payment);
  return 'Invoice binded to payment';
};
