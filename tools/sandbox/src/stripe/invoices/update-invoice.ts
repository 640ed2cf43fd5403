import type { Stripe } from 'stripe';
import { invalidRequest } from '../api/errors.ts';
import { mergeMetadata } from '../api/metadata.ts';
import { referredId } from '../api/reference.ts';
import type { Call } from '../call.ts';
import { keepTime } from './agenda.ts';
import { findMethodOf } from './choose-method.ts';
import { draftSchedule, graceSeconds, isCharged, nextRetry } from './collection.ts';
import { dueDateOf } from './due-date.ts';
import { findInvoice } from './find-invoice.ts';
import type { UpdateParams } from './params.ts';
import { saveInvoice } from './save-invoice.ts';

const kept = <C, T>(change: C | undefined, current: T): C | T =>
  change === undefined ? current : change;

const updateDraft = (call: Call, draft: Stripe.Invoice, params: UpdateParams): Stripe.Invoice => {
  const collectionMethod = params.collection_method ?? draft.collection_method;
  const changed: Stripe.Invoice = {
    ...draft,
    auto_advance: params.auto_advance ?? draft.auto_advance ?? false,
    collection_method: collectionMethod,
    custom_fields: kept(params.custom_fields, draft.custom_fields),
    default_payment_method: kept(params.default_payment_method, draft.default_payment_method),
    description: kept(params.description, draft.description),
    due_date: dueDateOf(params, { ...draft, collection_method: collectionMethod }, call.now),
    effective_at: kept(params.effective_at, draft.effective_at),
    footer: kept(params.footer, draft.footer),
    metadata: mergeMetadata(draft.metadata ?? {}, params.metadata),
    number: kept(params.number, draft.number),
    payment_settings: {
      ...draft.payment_settings,
      payment_method_types: kept(
        params.payment_settings?.payment_method_types,
        draft.payment_settings.payment_method_types,
      ),
    },
    shipping_details: kept(params.shipping_details, draft.shipping_details),
    statement_descriptor: kept(params.statement_descriptor, draft.statement_descriptor),
  };
  const scheduled = { ...changed, ...draftSchedule(changed, params.automatically_finalizes_at) };
  saveInvoice(call, draft, scheduled);
  if (params.automatically_finalizes_at !== undefined) keepTime(call, scheduled);
  return scheduled;
};

/** What may be changed at all once an invoice is finalized, and while it is still to be paid. */
const changeableLater = ['metadata'];
const changeableWhileOpen = [...changeableLater, 'auto_advance', 'default_payment_method'];

/** When an open invoice is charged next, now that automatic collection is on or off. */
const openSchedule = (call: Call, invoice: Stripe.Invoice): number | null => {
  if (!isCharged(invoice)) return null;
  if (invoice.next_payment_attempt !== null) return invoice.next_payment_attempt;
  return invoice.attempt_count === 0
    ? call.now + graceSeconds
    : nextRetry(invoice.attempt_count, call.now);
};

const updateFinalized = (
  call: Call,
  invoice: Stripe.Invoice,
  params: UpdateParams,
): Stripe.Invoice => {
  const allowed = invoice.status === 'open' ? changeableWhileOpen : changeableLater;
  const refused = Object.entries(params).find(
    ([name, value]) => value !== undefined && !allowed.includes(name),
  );
  if (refused !== undefined) {
    throw invalidRequest("Finalized invoices can't be updated in this way", { param: refused[0] });
  }
  const changed: Stripe.Invoice = {
    ...invoice,
    auto_advance: params.auto_advance ?? invoice.auto_advance ?? false,
    default_payment_method: kept(params.default_payment_method, invoice.default_payment_method),
    metadata: mergeMetadata(invoice.metadata ?? {}, params.metadata),
  };
  return saveInvoice(call, invoice, {
    ...changed,
    next_payment_attempt: invoice.status === 'open' ? openSchedule(call, changed) : null,
  });
};

export const updateInvoice = (call: Call, params: UpdateParams, id: string): Stripe.Invoice => {
  const invoice = findInvoice(call, id);
  if (typeof params.default_payment_method === 'string') {
    const customer = referredId(invoice.customer);
    findMethodOf(call, customer, params.default_payment_method, 'default_payment_method');
  }
  return invoice.status === 'draft'
    ? updateDraft(call, invoice, params)
    : updateFinalized(call, invoice, params);
};
