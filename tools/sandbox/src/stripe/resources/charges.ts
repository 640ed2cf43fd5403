import { resourceMissing } from '../api/errors.ts';
import { isCreatedIn, listPage } from '../api/list.ts';
import * as param from '../api/params.ts';
import { route } from '../api/route.ts';

export const chargeRoutes = [
  route(
    'GET',
    '/v1/charges',
    {
      ...param.paging,
      created: param.created.optional(),
      customer: param.text.optional(),
      payment_intent: param.text.optional(),
      transfer_group: param.ignored,
    },
    (call, { created, customer, payment_intent: intent, limit, starting_after, ending_before }) => {
      const matching = call.state.charges
        .newestFirst()
        .filter(
          (charge) =>
            isCreatedIn(charge.created, created) &&
            (customer === undefined || charge.customer === customer) &&
            (intent === undefined || charge.payment_intent === intent),
        );
      return listPage('/v1/charges', matching, { limit, starting_after, ending_before });
    },
  ),
  route('GET', '/v1/charges/:id', {}, (call, _, id) => {
    const charge = call.state.charges.get(id);
    if (charge === undefined) throw resourceMissing('charge', id);
    return charge;
  }),
];
