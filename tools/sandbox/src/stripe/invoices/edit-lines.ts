import type { Stripe } from 'stripe';
import type { z } from 'zod';
import { invalidRequest } from '../api/errors.ts';
import { mergeMetadata } from '../api/metadata.ts';
import { referredId } from '../api/reference.ts';
import type { Call } from '../call.ts';
import { emit } from '../emit.ts';
import { findEditable } from './find-invoice.ts';
import type { addLinesShape, removeLinesShape, updateLinesShape } from './item-params.ts';
import { buildItem, changeItem, findItem } from './items.ts';
import { itemIdOf, saveRelined, withItems } from './lines.ts';
import { saveInvoice } from './save-invoice.ts';

type AddLines = z.infer<z.ZodObject<typeof addLinesShape>>;
type UpdateLines = z.infer<z.ZodObject<typeof updateLinesShape>>;
type RemoveLines = z.infer<z.ZodObject<typeof removeLinesShape>>;

const withMetadata = (
  invoice: Stripe.Invoice,
  change: Record<string, string> | null | undefined,
): Stripe.Invoice => ({ ...invoice, metadata: mergeMetadata(invoice.metadata ?? {}, change) });

/** The pending item that a new line takes up. */
const takeItem = (call: Call, draft: Stripe.Invoice, id: string): Stripe.InvoiceItem => {
  const item = findItem(call, id, 'lines[invoice_item]');
  if (item.invoice !== null || item.customer !== draft.customer) {
    throw invalidRequest(`The invoice item ${id} is not a pending item of this customer.`, {
      param: 'lines[invoice_item]',
    });
  }
  if (item.currency !== draft.currency) {
    throw invalidRequest('You cannot combine currencies on a single invoice.', {
      param: 'lines[invoice_item]',
    });
  }
  const taken: Stripe.InvoiceItem = { ...item, invoice: draft.id };
  call.state.invoiceItems.put(id, taken);
  return taken;
};

export const addLines = (call: Call, params: AddLines, id: string): Stripe.Invoice => {
  const draft = findEditable(call, id);
  const customer = referredId(draft.customer);
  const items = params.lines.map(({ invoice_item: itemId, ...line }) =>
    itemId === undefined
      ? buildItem(call, customer, draft.currency, { ...line, invoice: draft.id })
      : takeItem(call, draft, itemId),
  );
  return saveInvoice(call, draft, withMetadata(withItems(draft, items), params.invoice_metadata));
};

const itemOfLine = (call: Call, draft: Stripe.Invoice, lineId: string): Stripe.InvoiceItem => {
  const line = draft.lines.data.find((candidate) => candidate.id === lineId);
  if (line !== undefined) return findItem(call, itemIdOf(line));
  throw invalidRequest(`No such invoice line item: '${lineId}'`, {
    code: 'resource_missing',
    param: 'lines[id]',
  });
};

export const updateLines = (call: Call, params: UpdateLines, id: string): Stripe.Invoice => {
  const draft = findEditable(call, id);
  for (const { id: lineId, ...line } of params.lines) {
    changeItem(call, itemOfLine(call, draft, lineId), line);
  }
  const relined = saveRelined(call, draft);
  return saveInvoice(call, relined, withMetadata(relined, params.invoice_metadata));
};

/** A deleted line's item is gone; an unassigned one waits for the next invoice. */
export const removeLines = (call: Call, params: RemoveLines, id: string): Stripe.Invoice => {
  const draft = findEditable(call, id);
  for (const { id: lineId, behavior } of params.lines) {
    const item = itemOfLine(call, draft, lineId);
    if (behavior === 'delete') {
      call.state.invoiceItems.delete(item.id);
      emit(call, 'invoiceitem.deleted', item);
    } else {
      call.state.invoiceItems.put(item.id, { ...item, invoice: null });
    }
  }
  const relined = saveRelined(call, draft);
  return saveInvoice(call, relined, withMetadata(relined, params.invoice_metadata));
};
