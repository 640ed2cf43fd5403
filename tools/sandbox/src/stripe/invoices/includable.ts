import type { Stripe } from 'stripe';
import type { StripeState } from '../state.ts';
import { defaultIntentOf, paymentsOf } from './payments.ts';

/** What Stripe includes in an invoice only when it is asked to; undefined for other fields. */
export const includableInInvoice = (
  state: StripeState,
  invoiceId: string,
  field: string,
): object | null | undefined => {
  if (field === 'payments') {
    return {
      object: 'list',
      data: paymentsOf(state, invoiceId).toReversed(),
      has_more: false,
      url: '/v1/invoice_payments',
    };
  }
  if (field !== 'confirmation_secret') return undefined;
  const secret = defaultIntentOf(state, invoiceId)?.client_secret;
  const included: Stripe.Invoice.ConfirmationSecret | null =
    secret === undefined || secret === null
      ? null
      : { client_secret: secret, type: 'payment_intent' };
  return included;
};
