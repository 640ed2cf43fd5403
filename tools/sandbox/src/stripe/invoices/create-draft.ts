import type { Stripe } from 'stripe';
import { account } from '../account.ts';
import { newId } from '../api/ids.ts';
import { mergeMetadata } from '../api/metadata.ts';
import type { Call } from '../call.ts';
import { findCustomer } from '../find-customer.ts';
import { checkCurrency } from '../payment-intents/currencies.ts';
import { keepTime, planNext } from './agenda.ts';
import { findMethodOf } from './choose-method.ts';
import { draftSchedule } from './collection.ts';
import { dueDateOf } from './due-date.ts';
import { withItems } from './lines.ts';
import type { CreateParams } from './params.ts';
import { customerFacts } from './present.ts';
import { rememberCurrency } from '../save-customer.ts';
import { emitInvoice } from './save-invoice.ts';
import { totalsOf } from './totals.ts';

const emptyDraft = (
  call: Call,
  customer: Stripe.Customer,
  currency: string,
  params: CreateParams,
): Stripe.Invoice => {
  const id = newId('in');
  return {
    id,
    object: 'invoice',
    account_country: account.country ?? null,
    account_name: account.business_profile?.name ?? null,
    account_tax_ids: null,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_paid_off_stripe: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: params.auto_advance ?? false,
    automatic_tax: {
      disabled_reason: null,
      enabled: false,
      liability: null,
      provider: null,
      status: null,
    },
    automatically_finalizes_at: null,
    billing_reason: 'manual',
    collection_method: params.collection_method ?? 'charge_automatically',
    created: call.now,
    currency,
    custom_fields: params.custom_fields ?? null,
    customer: customer.id,
    customer_account: null,
    ...customerFacts(customer),
    customer_tax_ids: [],
    default_payment_method: params.default_payment_method ?? null,
    default_source: null,
    default_tax_rates: [],
    description: params.description ?? null,
    discounts: [],
    due_date: null,
    effective_at: params.effective_at ?? null,
    ending_balance: null,
    footer: params.footer ?? customer.invoice_settings.footer,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: { object: 'list', data: [], has_more: false, url: `/v1/invoices/${id}/lines` },
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    next_payment_attempt: null,
    number: params.number ?? null,
    on_behalf_of: null,
    parent: null,
    payment_settings: {
      default_mandate: null,
      payment_method_options: null,
      payment_method_types: params.payment_settings?.payment_method_types ?? null,
    },
    period_end: call.now,
    period_start: call.now,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: params.shipping_details ?? null,
    statement_descriptor: params.statement_descriptor ?? null,
    status: 'draft',
    status_transitions: {
      finalized_at: null,
      marked_uncollectible_at: null,
      paid_at: null,
      voided_at: null,
    },
    test_clock: null,
    ...totalsOf([], customer, currency),
    total_discount_amounts: [],
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: null,
  };
};

/** Items that wait for the customer's next invoice, the newest first. */
const takePending = (call: Call, invoice: Stripe.Invoice): Stripe.InvoiceItem[] =>
  call.state.invoiceItems
    .newestFirst()
    .filter(
      (item) =>
        item.invoice === null &&
        item.customer === invoice.customer &&
        item.currency === invoice.currency,
    )
    .map((item) => {
      const taken: Stripe.InvoiceItem = { ...item, invoice: invoice.id };
      call.state.invoiceItems.put(taken.id, taken);
      return taken;
    });

const hasEndpoints = (call: Call): boolean =>
  call.state.webhookEndpoints.newestFirst().some(({ status }) => status === 'enabled');

/** A new draft, empty or with the customer's pending items. */
export const createDraft = (call: Call, params: CreateParams): Stripe.Invoice => {
  const customer = findCustomer(call, params.customer, 'customer');
  const currency = params.currency ?? customer.currency ?? account.default_currency ?? 'usd';
  checkCurrency(currency);
  if (typeof params.default_payment_method === 'string') {
    findMethodOf(call, customer.id, params.default_payment_method, 'default_payment_method');
  }
  const empty = emptyDraft(call, customer, currency, params);
  const include = params.pending_invoice_items_behavior === 'include';
  const draft: Stripe.Invoice = {
    ...withItems(empty, include ? takePending(call, empty) : []),
    ...draftSchedule(empty, params.automatically_finalizes_at),
    due_date: dueDateOf(params, empty, call.now),
    webhooks_delivered_at: hasEndpoints(call) ? null : call.now,
  };
  rememberCurrency(call, customer, currency);
  call.state.invoices.put(draft.id, draft);
  planNext(call, draft);
  if (params.automatically_finalizes_at !== undefined) keepTime(call, draft);
  emitInvoice(call, 'invoice.created', draft);
  return draft;
};
