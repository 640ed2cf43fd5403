import type { Stripe } from 'stripe';
import { invalidRequest } from '../api/errors.ts';
import type { Call } from '../call.ts';
import { cancelPayments } from './cancel-payments.ts';
import { notCollecting } from './collection.ts';
import { customerOf } from './customer-of.ts';
import { findInvoice } from './find-invoice.ts';
import { paymentsOf } from './payments.ts';
import { saveCustomer } from '../save-customer.ts';
import { emitInvoice, saveInvoice } from './save-invoice.ts';

const voidable = ['open', 'uncollectible'];

/** The customer gets back the credit that the invoice used up, or is rid of the debt that it took over. */
const returnBalance = (call: Call, invoice: Stripe.Invoice): void => {
  const customer = customerOf(call.state, invoice);
  if (customer === undefined) return;
  const used = (invoice.ending_balance ?? invoice.starting_balance) - invoice.starting_balance;
  saveCustomer(call, customer, { ...customer, balance: customer.balance - used });
};

/** The invoice was a mistake: it stays on record and can no longer be paid. */
export const voidInvoice = (call: Call, _: object, id: string): Stripe.Invoice => {
  const invoice = findInvoice(call, id);
  const paid = paymentsOf(call.state, id).some(({ status }) => status === 'paid');
  if (invoice.status === 'paid' || paid) {
    throw invalidRequest('Invoices with `paid` payments cannot be voided.');
  }
  if (!voidable.includes(invoice.status ?? '')) {
    throw invalidRequest("You can only pass in open invoices. This invoice isn't open.");
  }
  const voided = saveInvoice(call, invoice, {
    ...invoice,
    ...notCollecting,
    status: 'void',
    status_transitions: { ...invoice.status_transitions, voided_at: call.now },
  });
  cancelPayments(call, id, 'void_invoice');
  returnBalance(call, invoice);
  emitInvoice(call, 'invoice.voided', voided);
  return voided;
};
