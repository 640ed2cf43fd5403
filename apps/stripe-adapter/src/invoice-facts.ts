import type { Fact } from '@quittance/contracts';
import type { Invoice, InvoicePayment } from '@quittance/contracts/stripe';
import { fromStripeAmount } from './currencies.ts';
import { type Occasion, progressOf } from './invoice-progress.ts';
import { idOf } from './refs.ts';
import { isoTime } from './times.ts';

const optionalTime = (seconds: number | null | undefined): string | null =>
  typeof seconds === 'number' ? isoTime(seconds) : null;

/** The id that refunds and disputes of a payment name. */
export const payerOf = ({ payment }: InvoicePayment): string | undefined =>
  idOf(payment.payment_intent) ?? idOf(payment.charge);

/** A payment of an invoice, by the id of its PaymentIntent. What was paid elsewhere is in the invoice's total alone. */
export const paymentFacts = (payment: InvoicePayment): Fact[] => {
  const ref = payerOf(payment);
  const amount = payment.amount_paid ?? 0;
  if (ref === undefined || amount === 0) return [];
  const money = fromStripeAmount(amount, payment.currency);
  const paidAt = optionalTime(payment.status_transitions?.paid_at);
  return [{ kind: 'payment', ref, money, paidAt, payer: null }];
};

/** In Stripe's minor units. Before 2025-03-31.basil what was paid out of band is not in `amount_paid`. */
const receivedBy = ({ paid_out_of_band, amount_due, amount_paid }: Invoice): number =>
  paid_out_of_band === true ? amount_due : amount_paid;

/** A draft without lines asks for nothing yet, which is not the same as asking for 0. */
const owedFacts = ({ status, lines, amount_due, currency }: Invoice): Fact[] =>
  status === 'draft' && lines.data.length === 0
    ? []
    : [{ kind: 'owed', money: fromStripeAmount(amount_due, currency) }];

const receivedFacts = (invoice: Invoice): Fact[] => {
  const amount = receivedBy(invoice);
  if (amount === 0) return [];
  const money = fromStripeAmount(amount, invoice.currency);
  const paidAt = optionalTime(invoice.status_transitions?.paid_at);
  return [{ kind: 'received', ref: invoice.id, money, paidAt }];
};

export const invoiceFacts = (invoice: Invoice, occasion: Occasion): Fact[] => {
  const state = progressOf(invoice, occasion);
  return [
    ...(state ? [state] : []),
    ...owedFacts(invoice),
    ...receivedFacts(invoice),
    ...(invoice.payments?.data ?? []).flatMap(paymentFacts),
  ];
};
