import type { Fact, Observation, OpenInput } from '@quittance/contracts';
import { PaymentIntent, Refund, type StripeEvent } from '@quittance/contracts/stripe';
import type { Stripe } from 'stripe';
import { fromStripeAmount, toStripeAmount } from './currencies.ts';

const iso = (unixSeconds: number): string => new Date(unixSeconds * 1000).toISOString();

/** https://docs.stripe.com/payments/paymentintents/lifecycle */
const progressOf = (intent: PaymentIntent): Fact | undefined => {
  const progress = (state: 'awaiting' | 'processing' | 'canceled'): Fact => ({
    kind: 'progress',
    state,
    reason: null,
  });
  switch (intent.status) {
    case 'requires_payment_method': {
      const error = intent.last_payment_error;
      if (!error) return progress('awaiting');
      const reason = error.message ?? 'The payment failed';
      return { kind: 'progress', state: 'attempt_failed', reason };
    }
    case 'requires_confirmation':
    case 'requires_action':
      return progress('awaiting');
    case 'processing':
    case 'requires_capture':
      return progress('processing');
    case 'canceled':
      return { kind: 'progress', state: 'canceled', reason: intent.cancellation_reason ?? null };
    case 'succeeded':
      return undefined;
  }
};

/** What a PaymentIntent says. It has one payment, so its own id is that payment's. */
const factsOf = (intent: PaymentIntent): Fact[] => {
  const { id, amount_received, currency } = intent;
  const money = fromStripeAmount(amount_received, currency);
  const payment: Fact[] =
    amount_received > 0 ? [{ kind: 'payment', ref: id, money, paidAt: null, payer: null }] : [];
  const progress = progressOf(intent);
  return progress ? [progress, ...payment] : payment;
};

/** A PaymentIntent as Stripe returned it from the call that created it. */
export const openedObservation = (object: unknown): Observation => {
  const intent = PaymentIntent.parse(object);
  return {
    evidenceId: `open:${intent.id}`,
    ref: intent.id,
    occurredAt: iso(intent.created),
    facts: factsOf(intent),
    providerData: JSON.stringify(object),
    raw: null,
  };
};

/** A PaymentIntent as Stripe shows it at `now` (UTC ms). */
export const seenObservation = (object: unknown, now: number): Observation => {
  const opened = openedObservation(object);
  return {
    ...opened,
    evidenceId: `seen:${opened.ref}:${now}`,
    occurredAt: new Date(now).toISOString(),
  };
};

export const webhookObservation = (
  event: StripeEvent,
  intent: PaymentIntent,
  raw: string,
): Observation => ({
  evidenceId: event.id,
  ref: intent.id,
  occurredAt: iso(event.created),
  facts: factsOf(intent),
  providerData: JSON.stringify(event.data.object),
  raw,
});

const refundStates = {
  pending: 'pending',
  requires_action: 'pending',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
} as const;

const isRefundState = (status: string): status is keyof typeof refundStates =>
  Object.hasOwn(refundStates, status);

/** A refund of the PaymentIntent `ref`. A status Stripe did not have when this was written counts as pending. */
export const refundObservation = (ref: string, object: unknown): Observation => {
  const refund = Refund.parse(object);
  const status = refund.status ?? 'pending';
  const state = isRefundState(status) ? refundStates[status] : 'pending';
  const money = fromStripeAmount(refund.amount, refund.currency);
  return {
    evidenceId: `refund:${refund.id}:${state}`,
    ref,
    occurredAt: iso(refund.created),
    facts: [{ kind: 'refund', ref: refund.id, money, state }],
    providerData: null,
    raw: JSON.stringify(object),
  };
};

export const intentParams = (
  { money, description, invoiceId, customer }: OpenInput,
  customerRef: string,
): Stripe.PaymentIntentCreateParams => ({
  amount: toStripeAmount(money),
  currency: money.currency.toLowerCase(),
  customer: customerRef,
  automatic_payment_methods: { enabled: true, allow_redirects: 'always' },
  metadata: { invoice_id: String(invoiceId), user: String(customer.userId) },
  ...(description !== null && { description }),
});
