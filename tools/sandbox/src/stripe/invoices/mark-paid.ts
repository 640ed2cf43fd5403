import type { Stripe } from 'stripe';
import type { Call } from '../call.ts';
import { cancelPayments } from './cancel-payments.ts';
import { notCollecting } from './collection.ts';
import { emitInvoice, saveInvoice } from './save-invoice.ts';

/** Nothing is owed any more. `attempted` tells a payment, or nothing to pay, from one made outside of Stripe. */
export const markPaid = (
  call: Call,
  before: Stripe.Invoice,
  changes: Partial<Stripe.Invoice>,
  { outOfBand = false }: { outOfBand?: boolean } = {},
): Stripe.Invoice => {
  const paid: Stripe.Invoice = {
    ...before,
    ...(outOfBand ? {} : { attempted: true }),
    ...changes,
    ...notCollecting,
    amount_remaining: 0,
    status: 'paid',
    status_transitions: { ...before.status_transitions, paid_at: call.now },
  };
  saveInvoice(call, before, paid);
  cancelPayments(call, paid.id, 'automatic');
  emitInvoice(call, 'invoice.paid', paid);
  if (!outOfBand) emitInvoice(call, 'invoice.payment_succeeded', paid);
  return paid;
};
