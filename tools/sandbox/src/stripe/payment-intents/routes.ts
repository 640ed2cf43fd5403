import { isCreatedIn, listPage } from '../api/list.ts';
import * as param from '../api/params.ts';
import { route } from '../api/route.ts';
import { searchPage } from '../api/search.ts';
import { checkCancelable, checkChangeable } from '../invoices/guard-intent.ts';
import { cancelIntent } from './cancel.ts';
import { captureIntent } from './capture.ts';
import { confirmIntent } from './confirm.ts';
import { createIntent } from './create.ts';
import { checkClientSecret, findIntent, visibleTo } from './find-intent.ts';
import {
  cancelShape,
  captureShape,
  checkCreate,
  confirmShape,
  createShape,
  listShape,
  updateShape,
} from './params.ts';
import { updateIntent } from './update.ts';

const collection = '/v1/payment_intents';
const one = `${collection}/:id`;

export const paymentIntentRoutes = [
  route('POST', collection, createShape, createIntent, { check: checkCreate }),
  route('GET', collection, listShape, (call, { created, customer, ...paging }) => {
    const matching = call.state.paymentIntents
      .newestFirst()
      .filter(
        (intent) =>
          isCreatedIn(intent.created, created) &&
          (customer === undefined || intent.customer === customer),
      );
    return listPage(collection, matching, paging);
  }),
  route('GET', `${collection}/search`, param.searching, (call, params) =>
    searchPage(
      `${collection}/search`,
      call.state.paymentIntents.newestFirst(),
      {
        amount: ({ amount }) => amount,
        created: ({ created }) => created,
        currency: ({ currency }) => currency,
        customer: ({ customer }) => (typeof customer === 'string' ? customer : null),
        status: ({ status }) => status,
      },
      params,
    ),
  ),
  route(
    'GET',
    one,
    { client_secret: param.text.optional() },
    (call, params, id) => {
      const intent = findIntent(call, id);
      checkClientSecret(call, intent, params.client_secret);
      return visibleTo(call, intent);
    },
    { allowsPublishableKey: true },
  ),
  route('POST', one, updateShape, (call, params, id) => {
    const intent = findIntent(call, id);
    checkChangeable(call, intent, params);
    return updateIntent(call, intent, params);
  }),
  route(
    'POST',
    `${one}/confirm`,
    confirmShape,
    (call, { client_secret: secret, ...params }, id) => {
      const intent = findIntent(call, id);
      checkClientSecret(call, intent, secret);
      return visibleTo(call, confirmIntent(call, intent, params));
    },
    { allowsPublishableKey: true },
  ),
  route('POST', `${one}/capture`, captureShape, (call, params, id) =>
    captureIntent(call, findIntent(call, id), params),
  ),
  route('POST', `${one}/cancel`, cancelShape, (call, params, id) => {
    const intent = findIntent(call, id);
    checkCancelable(call, intent);
    return cancelIntent(call, intent, params.cancellation_reason);
  }),
];
