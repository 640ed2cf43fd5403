import { isCreatedIn, listPage } from '../api/list.ts';
import { route } from '../api/route.ts';
import { createItemShape, listItemsShape, updateItemShape } from './item-params.ts';
import { createItem, deleteItem, findItem, updateItem } from './items.ts';

const collection = '/v1/invoiceitems';

export const invoiceItemRoutes = [
  route('POST', collection, createItemShape, createItem),
  route(
    'GET',
    collection,
    listItemsShape,
    (call, { created, customer, customer_account: _ignored, invoice, pending, ...paging }) => {
      const matching = call.state.invoiceItems
        .newestFirst()
        .filter(
          (item) =>
            isCreatedIn(item.date, created) &&
            (customer === undefined || item.customer === customer) &&
            (invoice === undefined || item.invoice === invoice) &&
            (pending === undefined || (item.invoice === null) === pending),
        );
      return listPage(collection, matching, paging);
    },
  ),
  route('GET', `${collection}/:id`, {}, (call, _, id) => findItem(call, id)),
  route('POST', `${collection}/:id`, updateItemShape, updateItem),
  route('DELETE', `${collection}/:id`, {}, deleteItem),
];
