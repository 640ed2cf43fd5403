import type {
  Act,
  Attempt,
  CryptoTransfer,
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
import { aProject } from './project-under-test.ts';

/** One of each kind of the domain, with every field filled with something of its own. */

const publicId = '68b0c1d2e3f4a5b6c7d8e9f0';

export const anInvoice: Invoice = {
  id: 12,
  publicId,
  accountId: 7,
  userId: 3,
  projectId: 'c0ffee00-0c08-41a3-bdc2-a34eada3892d',
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
      crypto: null,
    },
  ],
  refunds: [{ ref: 're_1', money: { amount: 1000, currency: 'USD' }, state: 'succeeded' }],
  disputes: [{ ref: 'dp_1', money: { amount: 3050, currency: 'EUR' }, state: 'won' }],
  item: { type: 'flight', id: '1' },
  description: 'A flight to Oslo',
  payload: 'seat 12A',
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

const aTransfer: CryptoTransfer = {
  amount: '11.45000000',
  cryptocurrency: 'usdt',
  blockchain: 'bnbSmartChain',
  hash: '74763b65',
  wallet: { id: 'c27b0847', name: 'usdt-bnb', address: '0x1427' },
};

/** An invoice at Bitsby, paid. Its object has what Bitsby said of it over time. */
export const aBitsbyInvoice: Invoice = {
  ...anInvoice,
  id: 14,
  publicId: '65e0a1c8ff600e06af2a9694',
  projectId: '9deea1e2-0c08-41a3-bdc2-a34eada3892d',
  provider: 'bitsby',
  flow: 'bitsby.invoice',
  status: 'paid',
  exception: 'none',
  statusReason: null,
  amount: 1055,
  currency: 'EUR',
  received: 1055,
  remaining: 0,
  overpaid: 0,
  refunded: 0,
  net: 1055,
  disputed: 'none',
  payments: [
    {
      ref: 'f986ad8d-1111-4222-8333-444455556666',
      money: { amount: 1055, currency: 'EUR' },
      paidAt: '2024-02-29T16:00:00.000Z',
      payer: null,
      late: false,
      crypto: aTransfer,
    },
  ],
  refunds: [],
  disputes: [],
  item: { type: 'none', id: 'none' },
  description: '12 months license for BITSBY',
  payload: '{"userId":100,"orderId":500}',
  expiresAt: '2024-03-01T03:20:24.000Z',
  providerRef: 'ade9550d-3dc7-4fd3-b94e-3b4c12aaaa0c',
  providerData: JSON.stringify({
    url: 'https://dash.bitsby.app/invoices/pay/MXNj4m8HhcM4',
    amountFiatUSD: '10.00',
    commissionFiatUSD: '0.10',
    timeToPayDatetime: '2024-03-01 03:20:24',
    createDatetime: '2024-02-29 15:20:24',
    uid: 'MXNj4m8HhcM4',
    id: 'ade9550d-3dc7-4fd3-b94e-3b4c12aaaa0c',
    projectId: '11111111-2222-4333-8444-555566667777',
    serviceData: '{"quittance":"k","data":"{}"}',
    status: 'paid',
    views: 3,
    payments: [],
  }),
  createdAt: '2024-02-29T15:20:23.100Z',
  updatedAt: '2024-02-29T16:00:01.000Z',
};

/** Whose `aStripeInvoice` is: of another account than the admin's. */
export const aUser: User = {
  id: 4,
  publicId: '6548a41138406c14db33b606',
  accountId: 8,
  name: 'John Doe',
  email: 'john.doe@mail.com',
  telegramId: null,
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
  projectId: aProject.id,
  format: 'bitsby',
  retries: 'standard',
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
    { kind: 'ends', time: '2026-02-01T00:00:00.000Z' },
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
      crypto: aTransfer,
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
      watchMs: 0,
      needsProject: false,
      doubtMs: 0,
    },
  ],
  webhookAuthenticated: true,
  pace: null,
  reachable: true,
};
