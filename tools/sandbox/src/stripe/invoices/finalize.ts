import type { Stripe } from 'stripe';
import { StripeError, invalidRequest } from '../api/errors.ts';
import { referredId } from '../api/reference.ts';
import type { Call } from '../call.ts';
import { findCustomer } from '../find-customer.ts';
import { createIntent } from '../payment-intents/create.ts';
import { checkAmount } from '../payment-intents/currencies.ts';
import type { MethodType } from '../payment-methods/kinds.ts';
import { methodTypes } from '../payment-methods/kinds.ts';
import { graceSeconds, isCharged } from './collection.ts';
import { markPaid } from './mark-paid.ts';
import { createPayment } from './payments.ts';
import { saveCustomer } from '../save-customer.ts';
import { emitInvoice, saveInvoice } from './save-invoice.ts';
import { settleBalance } from './totals.ts';
import { hostedUrls } from './urls.ts';

const defaultTypes: MethodType[] = ['card', 'link'];

/** How the invoice can be paid, of what is emulated. */
const offeredTypes = (invoice: Stripe.Invoice): MethodType[] => {
  const chosen = invoice.payment_settings.payment_method_types;
  return chosen === null ? defaultTypes : methodTypes.filter((type) => chosen.includes(type));
};

/** The payment that Stripe makes for what is due. */
const requestPayment = (call: Call, invoice: Stripe.Invoice, customer: Stripe.Customer): void => {
  const amount = invoice.amount_due;
  const intent = createIntent(call, {
    amount,
    confirm: false,
    confirmation_method: 'automatic',
    currency: invoice.currency,
    customer: customer.id,
    description: 'Payment for Invoice',
    allowed_payment_method_types: offeredTypes(invoice),
    automatic_payment_methods: { enabled: false },
    payment_details: { customer_reference: null, order_reference: invoice.id },
    ...(invoice.statement_descriptor !== null && {
      statement_descriptor: invoice.statement_descriptor,
    }),
  });
  createPayment(call, invoice, intent, { amount, isDefault: true });
};

/** @throws StripeError, always; that the invoice could not be finalized stays recorded. */
const failFinalization = (call: Call, draft: Stripe.Invoice, error: StripeError): never => {
  const { code, message, param, type } = error.body;
  const failed = saveInvoice(call, draft, {
    ...draft,
    automatically_finalizes_at: null,
    last_finalization_error: {
      ...(code !== undefined && { code }),
      message,
      ...(param !== undefined && { param }),
      type,
    },
    next_payment_attempt: null,
  });
  emitInvoice(call, 'invoice.finalization_failed', failed);
  throw new StripeError(error.status, error.body, { keepsChanges: true });
};

/** The customer to bill. @throws StripeError when the invoice could not be charged. */
const checkFinalizable = (call: Call, draft: Stripe.Invoice): Stripe.Customer => {
  const customer = findCustomer(call, referredId(draft.customer), 'customer');
  const { amountDue } = settleBalance(draft.total, customer, draft.currency);
  if (amountDue > 0) checkAmount(amountDue, draft.currency);
  if (offeredTypes(draft).length === 0) {
    throw invalidRequest('The invoice offers no payment method types.', {
      code: 'invoice_no_payment_method_types',
    });
  }
  return customer;
};

/** @throws StripeError that keeps what happened, when the invoice cannot be finalized. */
const customerToBill = (call: Call, draft: Stripe.Invoice): Stripe.Customer => {
  try {
    return checkFinalizable(call, draft);
  } catch (error) {
    if (error instanceof StripeError) return failFinalization(call, draft, error);
    throw error;
  }
};

/** The customer's prefix and the number of the customer's invoice, e.g. `8F3KQ2ZB-0001`. */
const nextNumber = (call: Call, customer: Stripe.Customer): string => {
  const sequence = customer.next_invoice_sequence ?? 1;
  call.state.customers.put(customer.id, { ...customer, next_invoice_sequence: sequence + 1 });
  return `${customer.invoice_prefix ?? ''}-${String(sequence).padStart(4, '0')}`;
};

/**
 * Fixes a draft, settles it against the customer's balance and asks for what is due. Where nothing is due it is paid.
 * @throws StripeError when it is no draft, or when it cannot be charged; the latter stays recorded on the draft.
 */
export const finalizeInvoice = (
  call: Call,
  draft: Stripe.Invoice,
  autoAdvance: boolean | undefined,
): Stripe.Invoice => {
  if (draft.status !== 'draft') {
    throw invalidRequest(
      "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
    );
  }
  const customer = customerToBill(call, draft);
  const { amountDue, startingBalance, endingBalance } = settleBalance(
    draft.total,
    customer,
    draft.currency,
  );
  const advanced = { ...draft, auto_advance: autoAdvance ?? draft.auto_advance ?? false };
  const finalized: Stripe.Invoice = {
    ...advanced,
    ...hostedUrls(call.origin, draft.id),
    amount_due: amountDue,
    amount_remaining: amountDue,
    automatically_finalizes_at: null,
    effective_at: draft.effective_at ?? call.now,
    ending_balance: endingBalance,
    last_finalization_error: null,
    next_payment_attempt: isCharged(advanced) && amountDue > 0 ? call.now + graceSeconds : null,
    number: draft.number ?? nextNumber(call, customer),
    starting_balance: startingBalance,
    status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: call.now },
    webhooks_delivered_at: draft.webhooks_delivered_at ?? call.now,
  };
  const billed = findCustomer(call, customer.id);
  const balance = billed.balance + endingBalance - startingBalance;
  saveCustomer(call, billed, { ...billed, balance });
  if (amountDue > 0) requestPayment(call, finalized, customer);
  saveInvoice(call, draft, finalized);
  emitInvoice(call, 'invoice.finalized', finalized);
  const done = amountDue === 0 ? markPaid(call, finalized, {}) : finalized;
  if (done.collection_method === 'send_invoice' && advanced.auto_advance) {
    emitInvoice(call, 'invoice.sent', done);
  }
  return done;
};
