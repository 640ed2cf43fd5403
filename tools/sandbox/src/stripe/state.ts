import type { Stripe } from 'stripe';
import type { Collection, Store } from '../state/store.ts';
import type { IdempotencyRecord } from './api/idempotency.ts';
import type { AgendaEntry } from './invoices/agenda.ts';
import type { RefundAgendaEntry } from './refunds/outcomes.ts';
import type { Delivery } from './webhooks/deliveries.ts';

export type StoredEndpoint = Stripe.WebhookEndpoint & { secret: string };

/** Everything the emulated account holds. */
export interface StripeState {
  customers: Collection<Stripe.Customer | Stripe.DeletedCustomer>;
  paymentMethods: Collection<Stripe.PaymentMethod>;
  paymentIntents: Collection<Stripe.PaymentIntent>;
  charges: Collection<Stripe.Charge>;
  refunds: Collection<Stripe.Refund>;
  /** When the outcome of each refund that waits for one is known, by its id. */
  refundAgenda: Collection<RefundAgendaEntry>;
  disputes: Collection<Stripe.Dispute>;
  balanceTransactions: Collection<Stripe.BalanceTransaction>;
  products: Collection<Stripe.Product>;
  prices: Collection<Stripe.Price>;
  /** With all their lines; `presented` is what the API shows. */
  invoices: Collection<Stripe.Invoice>;
  invoiceItems: Collection<Stripe.InvoiceItem>;
  invoicePayments: Collection<Stripe.InvoicePayment>;
  /** Ids of invoice payments by the id of their invoice, and by that of their PaymentIntent. */
  invoicePaymentIndex: Collection<string[]>;
  /** What the clock brings each invoice next, by its id. */
  invoiceAgenda: Collection<AgendaEntry>;
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
  refundAgenda: store.collection('stripe.refund_agenda'),
  disputes: store.collection('stripe.disputes'),
  balanceTransactions: store.collection('stripe.balance_transactions'),
  products: store.collection('stripe.products'),
  prices: store.collection('stripe.prices'),
  invoices: store.collection('stripe.invoices'),
  invoiceItems: store.collection('stripe.invoice_items'),
  invoicePayments: store.collection('stripe.invoice_payments'),
  invoicePaymentIndex: store.collection('stripe.invoice_payment_index'),
  invoiceAgenda: store.collection('stripe.invoice_agenda'),
  events: store.collection('stripe.events'),
  webhookEndpoints: store.collection('stripe.webhook_endpoints'),
  deliveries: store.collection('stripe.deliveries'),
  idempotency: store.collection('stripe.idempotency'),
});
