import type { Stripe } from 'stripe';
import { invalidRequest } from '../api/errors.ts';
import { newId } from '../api/ids.ts';
import type { Call } from '../call.ts';
import { saveInvoice } from './save-invoice.ts';
import { totalsOf } from './totals.ts';

// Source: the reference of `POST /v1/invoiceitems`.
const maxLines = 250;

/** The invoice item that a line shows. */
export const itemIdOf = (line: Stripe.InvoiceLineItem): string =>
  line.parent?.invoice_item_details?.invoice_item ?? '';

const lineOf = (
  item: Stripe.InvoiceItem,
  invoiceId: string,
  id: string,
): Stripe.InvoiceLineItem => ({
  id,
  object: 'line_item',
  amount: item.amount,
  currency: item.currency,
  description: item.description,
  discount_amounts: [],
  discountable: item.discountable,
  discounts: [],
  invoice: invoiceId,
  livemode: false,
  metadata: item.metadata ?? {},
  parent: {
    invoice_item_details: {
      invoice_item: item.id,
      proration: false,
      proration_details: { credited_items: null },
      subscription: null,
    },
    subscription_item_details: null,
    type: 'invoice_item_details',
  },
  period: item.period,
  pretax_credit_amounts: [],
  pricing: item.pricing,
  quantity: item.quantity,
  quantity_decimal: item.quantity_decimal,
  subscription: null,
  subtotal: item.amount,
  taxes: [],
});

/** The invoice with these lines, and what they add up to. */
export const withLines = (
  invoice: Stripe.Invoice,
  lines: Stripe.InvoiceLineItem[],
): Stripe.Invoice => {
  if (lines.length > maxLines) {
    throw invalidRequest(`You can only add up to ${maxLines} items to an invoice.`, {
      param: 'invoice',
    });
  }
  return {
    ...invoice,
    ...totalsOf(lines, { balance: invoice.starting_balance }, invoice.currency),
    lines: { ...invoice.lines, data: lines },
  };
};

/** The invoice with more lines at its end, for these items. */
export const withItems = (
  invoice: Stripe.Invoice,
  items: readonly Stripe.InvoiceItem[],
): Stripe.Invoice =>
  withLines(invoice, [
    ...invoice.lines.data,
    ...items.map((item) => lineOf(item, invoice.id, newId('il'))),
  ]);

/** Records the draft with its lines made anew from its items; lines whose item is gone go too. */
export const saveRelined = (call: Call, draft: Stripe.Invoice): Stripe.Invoice => {
  const lines = draft.lines.data.flatMap((line) => {
    const item = call.state.invoiceItems.get(itemIdOf(line));
    return item?.invoice === draft.id ? [lineOf(item, draft.id, line.id)] : [];
  });
  return saveInvoice(call, draft, withLines(draft, lines));
};
