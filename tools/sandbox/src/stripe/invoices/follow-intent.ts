import type { Stripe } from 'stripe';
import { referredId } from '../api/reference.ts';
import type { Call } from '../call.ts';
import { markCanceled } from './cancel-payments.ts';
import { isCharged, nextRetry } from './collection.ts';
import { creditPayment } from './credit-payment.ts';
import { openPaymentsOf } from './payments.ts';
import { emitInvoice, saveInvoice } from './save-invoice.ts';

/**
 * The first attempt, whoever makes it, starts the schedule of retries; later ones by hand leave it as it is.
 * Source: the reference of `attempt_count`.
 */
export const afterAttempt = (call: Call, invoice: Stripe.Invoice): Stripe.Invoice => {
  const count = Math.max(1, invoice.attempt_count);
  const scheduled = invoice.attempt_count > 0 ? invoice.next_payment_attempt : null;
  return {
    ...invoice,
    attempt_count: count,
    attempted: true,
    next_payment_attempt:
      invoice.status === 'open' && isCharged(invoice)
        ? (scheduled ?? nextRetry(count, call.now))
        : null,
  };
};

const follow = (
  call: Call,
  payment: Stripe.InvoicePayment,
  invoice: Stripe.Invoice,
  intent: Stripe.PaymentIntent,
): void => {
  switch (intent.status) {
    case 'succeeded':
      creditPayment(call, payment, invoice, intent);
      break;
    case 'requires_action':
      emitInvoice(
        call,
        'invoice.payment_action_required',
        saveInvoice(call, invoice, afterAttempt(call, invoice)),
      );
      break;
    case 'requires_payment_method':
      emitInvoice(
        call,
        'invoice.payment_failed',
        saveInvoice(call, invoice, afterAttempt(call, invoice)),
      );
      break;
    case 'processing':
      saveInvoice(call, invoice, { ...afterAttempt(call, invoice), next_payment_attempt: null });
      break;
    case 'canceled':
      markCanceled(call, payment);
      break;
    case 'requires_capture':
    case 'requires_confirmation':
      break;
    default:
      break;
  }
};

/** The invoices that a PaymentIntent pays go where it goes: paid, tried in vain, waiting for the payer. */
export const followIntent = (call: Call, intent: Stripe.PaymentIntent): void => {
  for (const payment of openPaymentsOf(call.state, intent.id)) {
    const invoice = call.state.invoices.get(referredId(payment.invoice));
    if (invoice !== undefined) follow(call, payment, invoice, intent);
  }
};
