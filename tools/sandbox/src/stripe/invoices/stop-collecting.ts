import type { Call } from '../call.ts';
import { notCollecting } from './collection.ts';
import { saveInvoice } from './save-invoice.ts';

/** Invoices of a customer that is gone stay as they are, but nothing is collected by itself any more. */
export const stopCollecting = (call: Call, customerId: string): void => {
  for (const invoice of call.state.invoices.newestFirst()) {
    if (invoice.customer !== customerId || invoice.auto_advance !== true) continue;
    saveInvoice(call, invoice, { ...invoice, ...notCollecting });
  }
};
