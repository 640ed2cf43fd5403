import type { Stripe } from 'stripe';
import { isCreatedIn, listPage } from '../api/list.ts';
import * as param from '../api/params.ts';
import { route } from '../api/route.ts';
import { searchPage } from '../api/search.ts';
import type { Call } from '../call.ts';
import { attachPayment } from './attach-payment.ts';
import { createDraft } from './create-draft.ts';
import { deleteDraft } from './delete-draft.ts';
import { addLines, removeLines, updateLines } from './edit-lines.ts';
import { finalizeInvoice } from './finalize.ts';
import { findInvoice } from './find-invoice.ts';
import { addLinesShape, removeLinesShape, updateLinesShape } from './item-params.ts';
import { invoiceItemRoutes } from './item-routes.ts';
import { markUncollectible } from './mark-uncollectible.ts';
import {
  attachPaymentShape,
  createShape,
  finalizeShape,
  listShape,
  payShape,
  updateShape,
} from './params.ts';
import { payInvoice } from './pay.ts';
import { invoicePaymentRoutes } from './payment-routes.ts';
import { presented } from './present.ts';
import { sendInvoice } from './send.ts';
import { updateInvoice } from './update-invoice.ts';
import { voidInvoice } from './void.ts';

const collection = '/v1/invoices';
const one = `${collection}/:id`;

const newestFirst = (call: Call): Stripe.Invoice[] => call.state.invoices.newestFirst();

/** The handler's invoice as the API shows it. */
const shown =
  <P>(handler: (call: Call, params: P, id: string) => Stripe.Invoice) =>
  (call: Call, params: P, id: string): Stripe.Invoice =>
    presented(call.state, handler(call, params, id));

const ownInvoiceRoutes = [
  route('POST', collection, createShape, shown(createDraft)),
  route('GET', collection, listShape, (call, params) => {
    const matching = newestFirst(call).filter(
      (invoice) =>
        isCreatedIn(invoice.created, params.created) &&
        (params.due_date === undefined ||
          (invoice.due_date !== null && isCreatedIn(invoice.due_date, params.due_date))) &&
        (params.customer === undefined || invoice.customer === params.customer) &&
        (params.status === undefined || invoice.status === params.status) &&
        (params.collection_method === undefined ||
          invoice.collection_method === params.collection_method) &&
        params.subscription === undefined,
    );
    const page = listPage(collection, matching, params);
    return { ...page, data: page.data.map((invoice) => presented(call.state, invoice)) };
  }),
  route('GET', `${collection}/search`, param.searching, (call, params) => {
    const page = searchPage(
      `${collection}/search`,
      newestFirst(call).map((invoice) => ({ ...invoice, metadata: invoice.metadata ?? {} })),
      {
        created: ({ created }) => created,
        currency: ({ currency }) => currency,
        customer: ({ customer }) => (typeof customer === 'string' ? customer : null),
        number: ({ number }) => number,
        receipt_number: ({ receipt_number: receipt }) => receipt,
        status: ({ status }) => status,
        total: ({ total }) => total,
      },
      params,
    );
    return { ...page, data: page.data.map((invoice) => presented(call.state, invoice)) };
  }),
  route(
    'GET',
    one,
    {},
    shown((call, _, id) => findInvoice(call, id)),
  ),
  route('POST', one, updateShape, shown(updateInvoice)),
  route('DELETE', one, {}, deleteDraft),
  route('GET', `${one}/lines`, param.paging, (call, paging, id) => {
    const { data, url } = findInvoice(call, id).lines;
    return listPage(url, data, paging);
  }),
  route('POST', `${one}/add_lines`, addLinesShape, shown(addLines)),
  route('POST', `${one}/update_lines`, updateLinesShape, shown(updateLines)),
  route('POST', `${one}/remove_lines`, removeLinesShape, shown(removeLines)),
  route('POST', `${one}/attach_payment`, attachPaymentShape, shown(attachPayment)),
  route(
    'POST',
    `${one}/finalize`,
    finalizeShape,
    shown((call, params, id) => finalizeInvoice(call, findInvoice(call, id), params.auto_advance)),
  ),
  route('POST', `${one}/pay`, payShape, shown(payInvoice)),
  route('POST', `${one}/send`, {}, shown(sendInvoice)),
  route('POST', `${one}/void`, {}, shown(voidInvoice)),
  route('POST', `${one}/mark_uncollectible`, {}, shown(markUncollectible)),
];

/** Invoices, their items and their payments. */
export const invoiceRoutes = [...ownInvoiceRoutes, ...invoiceItemRoutes, ...invoicePaymentRoutes];
