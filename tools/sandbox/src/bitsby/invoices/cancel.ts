import { refused } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { findInvoice } from './find-invoice.ts';
import { statusOf } from './status.ts';

/** Only before the buyer has seen it. Source: https://docs.bitsby.app/api-documentation/invoice-cancellation */
export const cancelInvoice = (call: Call, { invoiceId }: { invoiceId: string }): string => {
  const invoice = findInvoice(call, invoiceId);
  const status = statusOf(invoice, call.now);
  if (status !== 'unpaid') {
    throw refused(`The invoice cannot be canceled: its status is ${status}`);
  }
  if (invoice.views > 0) {
    throw refused('The invoice cannot be canceled: its payment page was opened');
  }
  call.state.invoices.put(invoice.id, { ...invoice, status: 'canceled' });
  return 'Invoice canceled';
};
