import type { Fact, Observation, OpenInput } from '@quittance/contracts';
import { PaymentIntent, type StripeEvent } from '@quittance/contracts/stripe';
import type { Stripe } from 'stripe';
import { fromStripeAmount, toStripeAmount } from './currencies.ts';
import type { Look } from './look.ts';
import { isoTime } from './times.ts';

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

/** When the money moved, where Stripe was asked to show the charge. */
const paidAtOf = ({ latest_charge }: PaymentIntent): string | null =>
  typeof latest_charge === 'object' && latest_charge !== null
    ? isoTime(latest_charge.created)
    : null;

/** The money of a PaymentIntent. It has one payment, so its own id is that payment's. */
export const paymentFacts = (intent: PaymentIntent): Fact[] => {
  const { id, amount_received, currency } = intent;
  const money = fromStripeAmount(amount_received, currency);
  const paidAt = paidAtOf(intent);
  return amount_received > 0 ? [{ kind: 'payment', ref: id, money, paidAt, payer: null }] : [];
};

/** What a PaymentIntent says. */
const factsOf = (intent: PaymentIntent): Fact[] => {
  const progress = progressOf(intent);
  return [...(progress ? [progress] : []), ...paymentFacts(intent)];
};

/** The PaymentIntent as Stripe shows it to whoever asks for nothing more. */
const unexpanded = (object: object, { latest_charge }: PaymentIntent): object => ({
  ...object,
  latest_charge: (typeof latest_charge === 'object' ? latest_charge?.id : latest_charge) ?? null,
});

/** A PaymentIntent as Stripe returned it from the call that created it. */
export const openedObservation = (object: object): Observation => {
  const intent = PaymentIntent.parse(object);
  return {
    evidenceId: `open:${intent.id}`,
    ref: intent.id,
    occurredAt: isoTime(intent.created),
    facts: factsOf(intent),
    providerData: JSON.stringify(unexpanded(object, intent)),
    raw: null,
  };
};

/** A PaymentIntent as Stripe showed it. */
export const seenObservation = (object: object, look: Look): Observation => {
  const opened = openedObservation(object);
  return { ...opened, evidenceId: `seen:${opened.ref}:${look.id}`, occurredAt: look.at };
};

export const webhookObservation = (
  event: StripeEvent,
  intent: PaymentIntent,
  raw: string,
): Observation => ({
  evidenceId: event.id,
  ref: intent.id,
  occurredAt: isoTime(event.created),
  facts: factsOf(intent),
  providerData: JSON.stringify(event.data.object),
  raw,
});

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
