import type {
  Act,
  Attempt,
  Delivery,
  Endpoint,
  EndpointEvent,
  Explanation,
  Invoice,
  InvoiceEvent,
  OwnedInvoice,
  ProviderDescription,
  User,
} from '@quittance/contracts';

/** One of each kind of the domain, with every field filled with something of its own. */

const publicId = '68b0c1d2e3f4a5b6c7d8e9f0';

export const anInvoice: Invoice = {
  id: 12,
  publicId,
  accountId: 7,
  userId: 3,
  provider: 'stripe',
  flow: 'stripe.payment_intent',
  status: 'partially_refunded',
  exception: 'over',
  statusReason: 'They paid twice',
  amount: 2050,
  currency: 'USD',
  received: 3050,
  remaining: 0,
  overpaid: 1000,
  refunded: 1000,
  net: 2050,
  disputed: 'won',
  payments: [
    {
      ref: 'ch_1',
      money: { amount: 3050, currency: 'USD' },
      paidAt: '2026-01-02T03:04:05.678Z',
      payer: 'ada@example.com',
      late: true,
    },
  ],
  refunds: [{ ref: 're_1', money: { amount: 1000, currency: 'USD' }, state: 'succeeded' }],
  disputes: [{ ref: 'dp_1', money: { amount: 3050, currency: 'EUR' }, state: 'won' }],
  item: { type: 'flight', id: '1' },
  description: 'A flight to Oslo',
  expiresAt: '2026-02-01T00:00:00.000Z',
  providerRef: 'pi_1',
  providerData: '{"id":"pi_1","client_secret":"pi_1_secret","customer":null,"amount":2050}',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-03T00:00:00.000Z',
};

/** An invoice on Stripe Billing, as it is while it is open. */
export const aStripeInvoice: Invoice = {
  ...anInvoice,
  id: 13,
  publicId: '65490130ff600e06af2a9694',
  accountId: 8,
  userId: 4,
  flow: 'stripe.invoice',
  status: 'pending',
  amount: 3300,
  currency: 'EUR',
  providerRef: 'in_1',
  providerData: JSON.stringify({
    id: 'in_1',
    object: 'invoice',
    amount_due: 3300,
    customer: 'cus_1',
    invoice_pdf: 'https://pay.stripe.com/invoice/acct_1/in_1/pdf?s=ap',
    status: 'open',
  }),
  createdAt: '2023-11-06T15:07:28.550Z',
  updatedAt: '2023-11-06T15:07:46.295Z',
};

/** Whose `aStripeInvoice` is: of another account than the admin's. */
export const aUser: User = {
  id: 4,
  publicId: '6548a41138406c14db33b606',
  accountId: 8,
  name: 'John Doe',
  email: 'john.doe@mail.com',
};

export const anOwnedInvoice: OwnedInvoice = {
  invoice: aStripeInvoice,
  user: { publicId: aUser.publicId, name: aUser.name },
};

export const anEvent: InvoiceEvent = {
  position: 41,
  invoiceId: anInvoice.id,
  invoicePublicId: publicId,
  seq: 3,
  type: 'invoice.paid',
  status: 'paid',
  occurredAt: '2026-01-02T03:04:05.678Z',
};

export const anEndpoint: Endpoint = {
  id: 'ep_68b0c1d2e3f4a5b6c7d8e9f1',
  accountId: 7,
  url: 'https://shop.example/hook',
  description: 'The shop',
  eventTypes: ['invoice.paid', 'endpoint.disabled'],
  headerNames: ['x-shop'],
  ordered: true,
  disabled: 'failing',
  failingSince: '2026-01-04T00:00:00.000Z',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-09T00:00:00.000Z',
};

export const anEndpointEvent: EndpointEvent = {
  position: 43,
  type: 'endpoint.disabled',
  endpointId: anEndpoint.id,
  url: anEndpoint.url,
  reason: 'failing',
  occurredAt: '2026-01-09T00:00:00.000Z',
};

export const aDelivery: Delivery = {
  id: 'del_68b0c1d2e3f4a5b6c7d8e9f2',
  endpointId: anEndpoint.id,
  webhookId: 'evt_41',
  type: 'invoice.paid',
  position: 41,
  invoicePublicId: publicId,
  state: 'pending',
  attempts: 2,
  nextAttemptAt: '2026-01-02T03:34:05.678Z',
  createdAt: '2026-01-02T03:04:05.678Z',
  settledAt: null,
};

export const anAttempt: Attempt = {
  attemptedAt: '2026-01-02T03:04:10.678Z',
  durationMs: 250,
  result: 'rejected',
  httpStatus: 503,
  responseHeaders: { 'retry-after': '60' },
  responseBody: 'Later',
  error: null,
};

export const aRefund: Act = {
  id: 5,
  kind: 'refund',
  state: 'pending',
  amount: 1000,
  reason: 'Paid twice',
  providerRef: 're_1',
  message: null,
  madeAt: '2026-01-03T00:00:00.000Z',
  settledAt: null,
};

const observation: Explanation['otherObservations'][number] = {
  evidenceId: 'evt_1',
  source: 'webhook',
  occurredAt: '2026-01-02T03:04:05.000Z',
  receivedAt: '2026-01-02T03:04:06.000Z',
  facts: [
    { kind: 'progress', state: 'processing', reason: null },
    { kind: 'owed', money: { amount: 2050, currency: 'USD' } },
    {
      kind: 'received',
      ref: 'in_1',
      money: { amount: 3050, currency: 'USD' },
      paidAt: '2026-01-02T03:04:05.000Z',
    },
    {
      kind: 'payment',
      ref: 'ch_1',
      money: { amount: 3050, currency: 'USD' },
      paidAt: null,
      payer: 'ada@example.com',
    },
    { kind: 'refund', ref: 're_1', money: { amount: 1000, currency: 'USD' }, state: 'pending' },
    { kind: 'dispute', ref: 'dp_1', money: { amount: 3050, currency: 'EUR' }, state: 'open' },
  ],
  raw: '{"id":"evt_1"}',
};

export const anExplanation: Explanation = {
  transitions: [
    { ...anEvent, rule: 'the amount was received', observation, act: null },
    { ...anEvent, seq: 4, rule: 'we asked for it', observation: null, act: aRefund },
  ],
  acts: [aRefund],
  otherObservations: [observation],
};

export const aProvider: ProviderDescription = {
  provider: 'stripe',
  flows: [
    {
      flow: 'stripe.payment_intent',
      currencies: { USD: { max: 99_999_999, step: 1 } },
      acts: ['cancel'],
      refund: 'partial',
      settledBy: 'policy',
      expire: false,
    },
  ],
  webhookAuthenticated: true,
  reachable: true,
};
