import type { Stripe } from 'stripe';
import type { Call } from '../call.ts';
import { emit } from '../emit.ts';
import { customerOf } from './customer-of.ts';
import { markPaid } from './mark-paid.ts';
import { intentIdOf, openPaymentsOf } from './payments.ts';
import { saveCustomer } from '../save-customer.ts';
import { emitInvoice, saveInvoice } from './save-invoice.ts';
import { keepsBalanceIn } from './totals.ts';

const firstAttempt = (invoice: Stripe.Invoice) => ({
  attempt_count: Math.max(1, invoice.attempt_count),
  attempted: true,
});

/** Stripe keeps its own payment at what is left to pay. */
const syncDefault = (call: Call, invoice: Stripe.Invoice): void => {
  for (const payment of openPaymentsOf(call.state, invoice.id)) {
    if (!payment.is_default) continue;
    const amount = invoice.amount_remaining;
    call.state.invoicePayments.put(payment.id, { ...payment, amount_requested: amount });
    const intent = call.state.paymentIntents.get(intentIdOf(payment));
    if (intent !== undefined) call.state.paymentIntents.put(intent.id, { ...intent, amount });
  }
};

/** What was paid beyond what was due becomes the customer's credit, where the currency is the balance's. Minor units. */
const creditCustomer = (call: Call, invoice: Stripe.Invoice, overpaid: number): void => {
  const customer = customerOf(call.state, invoice);
  if (customer === undefined || !keepsBalanceIn(customer, invoice.currency)) return;
  saveCustomer(call, customer, { ...customer, balance: customer.balance - overpaid });
};

/** The money of a PaymentIntent that succeeded goes to the invoice. */
export const creditPayment = (
  call: Call,
  payment: Stripe.InvoicePayment,
  invoice: Stripe.Invoice,
  intent: Stripe.PaymentIntent,
): void => {
  const received = intent.amount_received;
  const credited = Math.min(received, invoice.amount_remaining);
  const overpaid = received - credited;
  const paid: Stripe.InvoicePayment = {
    ...payment,
    amount_paid: received,
    status: 'paid',
    status_transitions: { ...payment.status_transitions, paid_at: call.now },
  };
  call.state.invoicePayments.put(paid.id, paid);
  const money = {
    ...firstAttempt(invoice),
    amount_overpaid: invoice.amount_overpaid + overpaid,
    amount_paid: invoice.amount_paid + credited,
  };
  if (credited === invoice.amount_remaining) {
    const after = markPaid(call, invoice, money);
    if (overpaid > 0) {
      creditCustomer(call, after, overpaid);
      emitInvoice(call, 'invoice.overpaid', after);
    }
  } else {
    const left = invoice.amount_remaining - credited;
    syncDefault(call, saveInvoice(call, invoice, { ...invoice, ...money, amount_remaining: left }));
  }
  emit(call, 'invoice_payment.paid', paid);
};
