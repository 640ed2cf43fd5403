import { formatDecimal, type Money } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Stripe } from 'stripe';
import { fromStripeAmount } from './currencies.ts';

/** A PaymentIntent that paid an invoice, and what it can still give back. */
interface InvoicePaid {
  intent: string;
  refundable: Money;
}

const toPaid = ({ payment: { payment_intent } }: Stripe.InvoicePayment): InvoicePaid[] => {
  if (typeof payment_intent !== 'object') return [];
  const { id, latest_charge: charge } = payment_intent;
  if (typeof charge !== 'object' || charge === null) return [];
  const { amount_captured, amount_refunded, currency } = charge;
  return [
    { intent: id, refundable: fromStripeAmount(amount_captured - amount_refunded, currency) },
  ];
};

/** What paid an invoice at Stripe; what was paid out of band is not there to be given back. */
export const paymentsOf = async (stripe: Stripe, invoice: string): Promise<InvoicePaid[]> => {
  const payments: InvoicePaid[] = [];
  const list = stripe.invoicePayments.list({
    invoice,
    status: 'paid',
    limit: 100,
    expand: ['data.payment.payment_intent.latest_charge'],
  });
  for await (const payment of list) payments.push(...toPaid(payment));
  return payments;
};

/**
 * The payment with the least left that is enough, so that larger refunds stay possible.
 * @throws DomainError `provider_refused` when no single payment has so much left
 */
export const choosePayment = (payments: readonly InvoicePaid[], money: Money): InvoicePaid => {
  const [chosen] = payments
    .filter(
      ({ refundable }) =>
        refundable.currency === money.currency && refundable.amount >= money.amount,
    )
    .toSorted((a, b) => a.refundable.amount - b.refundable.amount);
  if (chosen) return chosen;
  throw new DomainError(
    'provider_refused',
    payments.length === 0
      ? 'Nothing that was paid for this invoice by Stripe can be given back'
      : `No single payment of this invoice has ${formatDecimal(money)} ${money.currency} left to give back`,
  );
};
