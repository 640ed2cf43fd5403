import type { Stripe } from 'stripe';
import type { Collection, Store } from '../state/store.ts';
import type { IdempotencyRecord } from './api/idempotency.ts';
import type { Delivery } from './webhooks/deliveries.ts';

export type StoredEndpoint = Stripe.WebhookEndpoint & { secret: string };

/** Everything the emulated account holds. */
export interface StripeState {
  customers: Collection<Stripe.Customer | Stripe.DeletedCustomer>;
  paymentMethods: Collection<Stripe.PaymentMethod>;
  paymentIntents: Collection<Stripe.PaymentIntent>;
  charges: Collection<Stripe.Charge>;
  refunds: Collection<Stripe.Refund>;
  events: Collection<Stripe.EventBase>;
  webhookEndpoints: Collection<StoredEndpoint>;
  deliveries: Collection<Delivery>;
  idempotency: Collection<IdempotencyRecord>;
}

export const openStripeState = (store: Store): StripeState => ({
  customers: store.collection('stripe.customers'),
  paymentMethods: store.collection('stripe.payment_methods'),
  paymentIntents: store.collection('stripe.payment_intents'),
  charges: store.collection('stripe.charges'),
  refunds: store.collection('stripe.refunds'),
  events: store.collection('stripe.events'),
  webhookEndpoints: store.collection('stripe.webhook_endpoints'),
  deliveries: store.collection('stripe.deliveries'),
  idempotency: store.collection('stripe.idempotency'),
});
