import type { Stripe } from 'stripe';
import { invalidRequest, resourceMissing } from '../api/errors.ts';
import { newId } from '../api/ids.ts';
import { mergeMetadata } from '../api/metadata.ts';
import type { Call } from '../call.ts';
import { emit } from '../emit.ts';
import { findCustomer } from '../find-customer.ts';
import { checkCurrency } from '../payment-intents/currencies.ts';
import { account } from '../account.ts';
import { findEditable } from './find-invoice.ts';
import type { CreateItemParams, UpdateItemParams } from './item-params.ts';
import { saveRelined, withItems } from './lines.ts';
import { priceNewItem, repriceItem } from './price-item.ts';
import { rememberCurrency } from '../save-customer.ts';
import { saveInvoice } from './save-invoice.ts';

/** @throws StripeError when there is no such invoice item. */
export const findItem = (call: Call, id: string, paramName = 'id'): Stripe.InvoiceItem => {
  const item = call.state.invoiceItems.get(id);
  if (item === undefined) throw resourceMissing('Invoice Item', id, paramName);
  return item;
};

/** A new item, recorded and announced, but on no invoice's lines yet. */
export const buildItem = (
  call: Call,
  customer: string,
  currency: string,
  params: Omit<CreateItemParams, 'customer' | 'currency'>,
): Stripe.InvoiceItem => {
  const description = params.description ?? null;
  const costs = priceNewItem(call, params, { currency, description });
  const item: Stripe.InvoiceItem = {
    id: newId('ii'),
    object: 'invoiceitem',
    currency,
    customer,
    customer_account: null,
    date: call.now,
    discountable: params.discountable ?? costs.amount >= 0,
    discounts: [],
    invoice: params.invoice ?? null,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    parent: null,
    period: params.period ?? { end: call.now, start: call.now },
    proration: false,
    tax_rates: [],
    test_clock: null,
    ...costs,
  };
  call.state.invoiceItems.put(item.id, item);
  emit(call, 'invoiceitem.created', item);
  return item;
};

export const createItem = (call: Call, params: CreateItemParams): Stripe.InvoiceItem => {
  const customer = findCustomer(call, params.customer, 'customer');
  const invoice =
    params.invoice === undefined ? undefined : findEditable(call, params.invoice, 'invoice');
  if (invoice !== undefined && invoice.customer !== customer.id) {
    throw invalidRequest(`The invoice ${invoice.id} belongs to a different customer.`, {
      param: 'invoice',
    });
  }
  const currency =
    params.currency ?? invoice?.currency ?? customer.currency ?? account.default_currency ?? 'usd';
  checkCurrency(currency);
  if (invoice !== undefined && invoice.currency !== currency) {
    throw invalidRequest(
      `You cannot combine currencies on a single invoice. The invoice is in ${invoice.currency}, the item in ${currency}.`,
      { param: 'currency' },
    );
  }
  rememberCurrency(call, customer, currency);
  const item = buildItem(call, customer.id, currency, params);
  if (invoice !== undefined) saveInvoice(call, invoice, withItems(invoice, [item]));
  return item;
};

const isDeletedWithInvoice = (call: Call, item: Stripe.InvoiceItem): boolean =>
  typeof item.invoice === 'string' && call.state.invoices.get(item.invoice) === undefined;

/** The draft that the item is on; undefined for a pending item. */
const draftOf = (
  call: Call,
  item: Stripe.InvoiceItem,
  refusal: string,
): Stripe.Invoice | undefined => {
  if (typeof item.invoice !== 'string') return undefined;
  const invoice = call.state.invoices.get(item.invoice);
  if (invoice?.status === 'draft') return findEditable(call, item.invoice);
  throw invalidRequest(refusal);
};

const pricingNames = [
  'amount',
  'unit_amount_decimal',
  'price_data',
  'pricing',
  'quantity',
  'quantity_decimal',
] as const;

/** Records a changed item; its invoice is left as it is. */
export const changeItem = (
  call: Call,
  item: Stripe.InvoiceItem,
  params: UpdateItemParams,
): Stripe.InvoiceItem => {
  const repriced = pricingNames.some((name) => params[name] !== undefined);
  const changed: Stripe.InvoiceItem = {
    ...item,
    ...(repriced && repriceItem(call, item, params)),
    description: params.description === undefined ? item.description : params.description,
    discountable: params.discountable ?? item.discountable,
    metadata: mergeMetadata(item.metadata ?? {}, params.metadata),
    period: params.period ?? item.period,
  };
  call.state.invoiceItems.put(item.id, changed);
  return changed;
};

export const updateItem = (
  call: Call,
  params: UpdateItemParams,
  id: string,
): Stripe.InvoiceItem => {
  const item = findItem(call, id);
  if (isDeletedWithInvoice(call, item)) {
    throw invalidRequest('This invoice item has been deleted.');
  }
  const draft = draftOf(
    call,
    item,
    'This invoice item is already attached to an invoice that is no longer editable',
  );
  const changed = changeItem(call, item, params);
  if (draft !== undefined) saveRelined(call, draft);
  return changed;
};

export const deleteItem = (call: Call, _: object, id: string): Stripe.DeletedInvoiceItem => {
  const item = findItem(call, id);
  const draft = draftOf(
    call,
    item,
    "Can't delete an invoice item that is attached to an invoice that is no longer editable",
  );
  call.state.invoiceItems.delete(id);
  emit(call, 'invoiceitem.deleted', item);
  if (draft !== undefined) saveRelined(call, draft);
  return { id, object: 'invoiceitem', deleted: true };
};
