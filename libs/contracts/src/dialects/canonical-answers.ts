import { Refusal } from '@quittance/rpc';
import { z } from 'zod';
import { Act } from '../domain/act.ts';
import { Currency } from '../domain/currency.ts';
import { EndpointEvent, InvoiceEvent } from '../domain/event.ts';
import { ExplainedObservation } from '../domain/explanation.ts';
import { Invoice, Payment, PublicId } from '../domain/invoice.ts';
import { MinorUnits, Money } from '../domain/money.ts';
import { CryptoTransfer, DisputeState, Fact, RefundState } from '../domain/observation.ts';
import { ProviderDescription } from '../domain/provider.ts';

const atProvider = {
  /** The provider's own id of it. */
  providerRef: z.string(),
  /** Minor units of its own `currency`, which can be another than the invoice's. */
  amount: MinorUnits,
  currency: Currency,
};

/** Money in. */
export const CanonicalPayment = z.object({
  ...atProvider,
  ...Payment.pick({ paidAt: true, payer: true, late: true, crypto: true }).shape,
});
export type CanonicalPayment = z.infer<typeof CanonicalPayment>;

/** Money back. */
export const CanonicalRefund = z.object({ ...atProvider, state: RefundState });
export type CanonicalRefund = z.infer<typeof CanonicalRefund>;

/** Money contested. */
export const CanonicalDispute = z.object({ ...atProvider, state: DisputeState });
export type CanonicalDispute = z.infer<typeof CanonicalDispute>;

/**
 * An invoice. Amounts are minor units of `currency`: `amount = received + remaining - overpaid` and
 * `net = received - refunded`.
 */
export const CanonicalInvoice = z.object({
  /** The id to use; it cannot be guessed and sorts by time. */
  id: PublicId,
  /** The invoice's id in the dialects that have integers. */
  number: z.int().positive(),
  ...Invoice.pick({
    userId: true,
    projectId: true,
    provider: true,
    flow: true,
    status: true,
    exception: true,
    statusReason: true,
    amount: true,
    currency: true,
    received: true,
    remaining: true,
    overpaid: true,
    refunded: true,
    net: true,
    disputed: true,
  }).shape,
  payments: z.array(CanonicalPayment),
  refunds: z.array(CanonicalRefund),
  disputes: z.array(CanonicalDispute),
  ...Invoice.pick({
    item: true,
    description: true,
    payload: true,
    expiresAt: true,
    providerRef: true,
  }).shape,
  /** The provider's object as its API gives it; null until it has made one. */
  providerData: z.record(z.string(), z.unknown()).nullable(),
  ...Invoice.pick({ createdAt: true, updatedAt: true }).shape,
});
export type CanonicalInvoice = z.infer<typeof CanonicalInvoice>;

/** Newest first. `next` is the `after` of the following page; null on the last. */
export const CanonicalInvoicePage = z.object({
  data: z.array(CanonicalInvoice),
  next: z.string().nullable(),
});
export type CanonicalInvoicePage = z.infer<typeof CanonicalInvoicePage>;

/** Something that we did to an invoice, or asked its provider for. */
export const CanonicalAct = Act;
export type CanonicalAct = Act;

/** A refund that was asked for, under the `providerRef` by which the invoice's refunds have it, and the invoice since. */
export const CanonicalRefunded = z.object({
  refund: CanonicalAct.omit({ kind: true }),
  invoice: CanonicalInvoice,
});
export type CanonicalRefunded = z.infer<typeof CanonicalRefunded>;

/** One thing that happened to an invoice. Within a version fields and types are added, never changed or removed. */
export const CanonicalEvent = z.object({
  version: z.literal(1),
  /** Place in the order of all events: grows, with gaps. */
  position: z.int().positive(),
  invoiceId: PublicId,
  invoiceNumber: z.int().positive(),
  ...InvoiceEvent.pick({ seq: true, type: true, status: true, occurredAt: true }).shape,
});
export type CanonicalEvent = z.infer<typeof CanonicalEvent>;

/** An invoice's events, oldest first. */
export const CanonicalEvents = z.object({ data: z.array(CanonicalEvent) });
export type CanonicalEvents = z.infer<typeof CanonicalEvents>;

/** One thing that happened to a webhook endpoint. */
export const CanonicalEndpointEvent = z.object({
  version: z.literal(1),
  ...EndpointEvent.pick({
    position: true,
    type: true,
    endpointId: true,
    url: true,
    reason: true,
    occurredAt: true,
  }).shape,
});
export type CanonicalEndpointEvent = z.infer<typeof CanonicalEndpointEvent>;

/** Everything that happens in an account; `type` tells apart what. */
export const CanonicalAccountEvent = z.discriminatedUnion('type', [
  CanonicalEvent,
  CanonicalEndpointEvent,
]);
export type CanonicalAccountEvent = z.infer<typeof CanonicalAccountEvent>;

/** `next` is the position to go on from: at once, or later where the page is empty. */
export const CanonicalEventPage = z.object({
  data: z.array(CanonicalAccountEvent),
  next: z.int().min(0),
});
export type CanonicalEventPage = z.infer<typeof CanonicalEventPage>;

const [Progress, Ends] = Fact.options;

/** One thing that a piece of evidence says. */
export const CanonicalFact = z.discriminatedUnion('kind', [
  Progress,
  Ends,
  z.object({
    kind: z.literal('owed'),
    ...Money.shape,
  }),
  z.object({
    kind: z.literal('received'),
    ...atProvider,
    paidAt: Payment.shape.paidAt.nullable(),
  }),
  z.object({
    kind: z.literal('payment'),
    ...atProvider,
    paidAt: Payment.shape.paidAt.nullable(),
    payer: Payment.shape.payer,
    crypto: CryptoTransfer.optional(),
  }),
  z.object({ kind: z.literal('refund'), ...CanonicalRefund.shape }),
  z.object({ kind: z.literal('dispute'), ...CanonicalDispute.shape }),
]);
export type CanonicalFact = z.infer<typeof CanonicalFact>;

/** A piece of evidence, with the bytes that it came in. */
export const CanonicalObservation = ExplainedObservation.extend({ facts: z.array(CanonicalFact) });
export type CanonicalObservation = z.infer<typeof CanonicalObservation>;

/** Why an invoice is where it is. */
export const CanonicalExplanation = z.object({
  transitions: z.array(
    z.object({
      event: CanonicalEvent,
      rule: z.string(),
      observation: CanonicalObservation.nullable(),
      act: CanonicalAct.nullable(),
    }),
  ),
  /** All that we ourselves did or asked for, oldest first; of what is `pending` the outcome is not known. */
  acts: z.array(CanonicalAct),
  /** Evidence that changed nothing by itself. */
  otherObservations: z.array(CanonicalObservation),
});
export type CanonicalExplanation = z.infer<typeof CanonicalExplanation>;

/** What every provider can do. */
export const CanonicalProviders = z.object({ data: z.array(ProviderDescription) });
export type CanonicalProviders = z.infer<typeof CanonicalProviders>;

/** RFC 9457 problem details. `param` names the field, query parameter or header at fault. */
export const CanonicalProblem = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  param: z.string().optional(),
  /** What the provider itself answered, where it is the one that refused: its status, its code, its name of the field. */
  providerError: Refusal.optional(),
  requestId: z.string(),
});
export type CanonicalProblem = z.infer<typeof CanonicalProblem>;
