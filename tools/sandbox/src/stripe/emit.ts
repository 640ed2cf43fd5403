import type { Stripe } from 'stripe';
import { defaultApiVersion, type Call } from './call.ts';
import { newId } from './api/ids.ts';

type EventOf<K extends Stripe.Event['type']> = Extract<Stripe.Event, { type: K }>;

/** Records an event and plans its deliveries, within the transaction of the change that it tells of. */
export const emit = <K extends Stripe.Event['type']>(
  call: Call,
  type: K,
  object: EventOf<K>['data']['object'],
  previous?: EventOf<K>['data']['previous_attributes'],
): void => {
  const event: Stripe.EventBase = {
    id: newId('evt'),
    object: 'event',
    api_version: defaultApiVersion,
    created: call.now,
    data: { object, ...(previous === undefined ? {} : { previous_attributes: previous }) },
    livemode: false,
    pending_webhooks: 0,
    request: { id: call.requestId, idempotency_key: call.idempotencyKey },
    type,
  };
  const pending = call.planDeliveries(event);
  call.state.events.put(event.id, { ...event, pending_webhooks: pending });
};
