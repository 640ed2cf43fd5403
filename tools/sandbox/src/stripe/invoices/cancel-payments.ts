import type { Stripe } from 'stripe';
import type { Call } from '../call.ts';
import { withdrawIntent } from '../payment-intents/withdraw.ts';
import { intentIdOf, openPaymentsOf } from './payments.ts';

/** The payment will bring nothing more. */
export const markCanceled = (call: Call, payment: Stripe.InvoicePayment): void => {
  call.state.invoicePayments.put(payment.id, {
    ...payment,
    status: 'canceled',
    status_transitions: { ...payment.status_transitions, canceled_at: call.now },
  });
};

/** Gives up what the invoice still waited for: the PaymentIntents that Stripe made, not those that were attached. */
export const cancelPayments = (
  call: Call,
  invoiceId: string,
  reason: Stripe.PaymentIntent.CancellationReason,
): void => {
  for (const payment of openPaymentsOf(call.state, invoiceId)) {
    markCanceled(call, payment);
    const intent = call.state.paymentIntents.get(intentIdOf(payment));
    if (payment.is_default && intent !== undefined && intent.status !== 'canceled') {
      withdrawIntent(call, intent, reason);
    }
  }
};
