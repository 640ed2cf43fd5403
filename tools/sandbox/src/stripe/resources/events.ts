import type { Stripe } from 'stripe';
import { invalidRequest, resourceMissing } from '../api/errors.ts';
import { isCreatedIn, listPage } from '../api/list.ts';
import * as param from '../api/params.ts';
import { route } from '../api/route.ts';
import type { Call } from '../call.ts';

/** An event with the number of its deliveries that have not succeeded yet. */
const current = (call: Call, events: Stripe.EventBase[]): Stripe.EventBase[] => {
  const pending = new Map<string, number>();
  for (const [, { event }] of call.state.deliveries.entries()) {
    pending.set(event, (pending.get(event) ?? 0) + 1);
  }
  return events.map((event) => ({ ...event, pending_webhooks: pending.get(event.id) ?? 0 }));
};

const matchesType = (type: string, wanted: string): boolean =>
  wanted === '*' ||
  type === wanted ||
  (wanted.endsWith('.*') && type.startsWith(wanted.slice(0, -1)));

export const eventRoutes = [
  route(
    'GET',
    '/v1/events',
    {
      ...param.paging,
      created: param.created.optional(),
      delivery_success: param.boolean.optional(),
      type: param.text.optional(),
      types: param.list(param.text).optional(),
    },
    (call, { created, delivery_success: delivered, type, types, ...paging }) => {
      if (type !== undefined && types !== undefined) {
        throw invalidRequest('You may only specify one of these parameters: type, types.');
      }
      const wanted = types ?? (type === undefined ? ['*'] : [type]);
      const matching = call.state.events
        .newestFirst()
        .filter(
          (event) =>
            isCreatedIn(event.created, created) &&
            wanted.some((pattern) => matchesType(event.type, pattern)),
        );
      if (delivered === undefined) {
        const page = listPage('/v1/events', matching, paging);
        return { ...page, data: current(call, page.data) };
      }
      const byDelivery = current(call, matching).filter(
        ({ pending_webhooks: pending }) => (pending === 0) === delivered,
      );
      return listPage('/v1/events', byDelivery, paging);
    },
  ),
  route('GET', '/v1/events/:id', {}, (call, _, id) => {
    const event = call.state.events.get(id);
    if (event === undefined) throw resourceMissing('event', id);
    return current(call, [event])[0] ?? event;
  }),
];
