import type { Stripe } from 'stripe';
import type { z } from 'zod';
import { resourceMissing } from '../api/errors.ts';
import { isCreatedIn, listPage } from '../api/list.ts';
import * as param from '../api/params.ts';
import { route } from '../api/route.ts';

const collection = '/v1/balance_transactions';

const listShape = {
  ...param.paging,
  created: param.created.optional(),
  currency: param.text.optional(),
  payout: param.ignored,
  source: param.text.optional(),
  type: param.text.optional(),
} satisfies Record<Exclude<keyof Stripe.BalanceTransactionListParams, 'expand'>, z.ZodType>;

export const balanceRoutes = [
  route(
    'GET',
    collection,
    listShape,
    (call, { created, currency, source, type, payout: _ignored, ...paging }) => {
      const matching = call.state.balanceTransactions
        .newestFirst()
        .filter(
          (transaction) =>
            isCreatedIn(transaction.created, created) &&
            (currency === undefined || transaction.currency === currency.toLowerCase()) &&
            (source === undefined || transaction.source === source) &&
            (type === undefined || transaction.type === type),
        );
      return listPage(collection, matching, paging);
    },
  ),
  route('GET', `${collection}/:id`, {}, (call, _, id) => {
    const transaction = call.state.balanceTransactions.get(id);
    if (transaction === undefined) throw resourceMissing('balance transaction', id);
    return transaction;
  }),
];
