import type { Stripe } from 'stripe';
import { invalidRequest } from '../api/errors.ts';
import { isCreatedIn, listPage } from '../api/list.ts';
import { route } from '../api/route.ts';
import type { Call } from '../call.ts';
import { listShape, updateShape } from './params.ts';
import { loseDispute } from './settle.ts';
import { updateDispute } from './update.ts';

const collection = '/v1/disputes';

const find = (call: Call, id: string): Stripe.Dispute => {
  const dispute = call.state.disputes.get(id);
  if (dispute !== undefined) return dispute;
  throw invalidRequest(
    `No such dispute: '${id}'`,
    { code: 'resource_missing', param: 'dispute' },
    404,
  );
};

export const disputeRoutes = [
  route(
    'GET',
    collection,
    listShape,
    (call, { charge, created, payment_intent: intent, ...paging }) => {
      const matching = call.state.disputes
        .newestFirst()
        .filter(
          (dispute) =>
            isCreatedIn(dispute.created, created) &&
            (charge === undefined || dispute.charge === charge) &&
            (intent === undefined || dispute.payment_intent === intent),
        );
      return listPage(collection, matching, paging);
    },
  ),
  route('GET', `${collection}/:id`, {}, (call, _, id) => find(call, id)),
  route('POST', `${collection}/:id`, updateShape, (call, params, id) =>
    updateDispute(call, find(call, id), params),
  ),
  route('POST', `${collection}/:id/close`, {}, (call, _, id) => loseDispute(call, find(call, id))),
];
