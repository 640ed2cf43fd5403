import type { Stripe } from 'stripe';
import { newId } from '../api/ids.ts';
import { referredId } from '../api/reference.ts';
import type { Call } from '../call.ts';
import type { StripeState } from '../state.ts';

/** The payments of an invoice, or those that a PaymentIntent is for, the oldest first. */
export const paymentsOf = (state: StripeState, id: string): Stripe.InvoicePayment[] =>
  (state.invoicePaymentIndex.get(id) ?? []).flatMap(
    (paymentId) => state.invoicePayments.get(paymentId) ?? [],
  );

/** Those that may still bring money. */
export const openPaymentsOf = (state: StripeState, id: string): Stripe.InvoicePayment[] =>
  paymentsOf(state, id).filter(({ status }) => status === 'open');

/** The id of the PaymentIntent behind a payment. */
export const intentIdOf = ({ payment }: Stripe.InvoicePayment): string =>
  referredId(payment.payment_intent);

/** The PaymentIntent that Stripe made for the invoice when it was finalized. */
export const defaultIntentOf = (
  state: StripeState,
  invoiceId: string,
): Stripe.PaymentIntent | undefined => {
  const payment = paymentsOf(state, invoiceId).find(({ is_default: isDefault }) => isDefault);
  return payment === undefined ? undefined : state.paymentIntents.get(intentIdOf(payment));
};

const addToIndex = (call: Call, key: string, paymentId: string): void => {
  const known = call.state.invoicePaymentIndex.get(key) ?? [];
  call.state.invoicePaymentIndex.put(key, [...known, paymentId]);
};

/** Lets the PaymentIntent pay the invoice. `amount` is in minor units. */
export const createPayment = (
  call: Call,
  invoice: Stripe.Invoice,
  intent: Stripe.PaymentIntent,
  { amount, isDefault }: { amount: number; isDefault: boolean },
): Stripe.InvoicePayment => {
  const payment: Stripe.InvoicePayment = {
    id: newId('inpay'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: amount,
    created: call.now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: isDefault,
    livemode: false,
    payment: { payment_intent: intent.id, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  };
  call.state.invoicePayments.put(payment.id, payment);
  addToIndex(call, invoice.id, payment.id);
  addToIndex(call, intent.id, payment.id);
  return payment;
};
