import { DomainError, parseJson } from '@quittance/rpc';
import type { Observation, PaymentProvider } from '@quittance/contracts';
import { StripeEvent } from '@quittance/contracts/stripe';
import type { Clock } from '@quittance/runtime';
import { Stripe } from 'stripe';
import { disputeWebhookObservations } from './dispute-webhook.ts';
import { intentWebhookObservations } from './intent-webhook.ts';
import { invoicePaymentObservations, invoiceWebhookObservations } from './invoice-webhook.ts';
import { refundWebhookObservations } from './refund-webhook.ts';

const toleranceSeconds = 300;

const reply = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"received":true}',
};

const isSignedWith = (secret: string, body: string, header: string, now: number): boolean => {
  try {
    const { signature } = Stripe.webhooks;
    return signature?.verifyHeader(body, header, secret, toleranceSeconds, undefined, now) === true;
  } catch {
    return false;
  }
};

const readJson = (body: string): unknown => {
  try {
    return parseJson(body);
  } catch (cause) {
    throw new DomainError('invalid_request', 'The body is not valid JSON', { cause });
  }
};

type Reader = (event: StripeEvent, raw: string) => Observation[];

/** Who reads an event, by how its type begins: the first that fits. */
const readers: readonly (readonly [string, Reader])[] = [
  ['payment_intent.', intentWebhookObservations],
  ['invoice.', invoiceWebhookObservations],
  ['invoice_payment.', invoicePaymentObservations],
  ['charge.dispute.', disputeWebhookObservations],
  ['charge.', refundWebhookObservations],
  ['refund.', refundWebhookObservations],
];

const observationsOf = (event: StripeEvent, raw: string): Observation[] =>
  readers.find(([start]) => event.type.startsWith(start))?.[1](event, raw) ?? [];

/**
 * Verifies `Stripe-Signature` over the raw body with each secret in force, and refuses what is older than 300 s.
 * https://docs.stripe.com/webhooks#verify-official-libraries
 */
export const createReceiver =
  ({
    webhookSecrets,
    clock,
  }: {
    webhookSecrets: readonly string[];
    clock: Clock;
  }): PaymentProvider['receive'] =>
  async ({ headers, body }) => {
    await Promise.resolve();
    const header = headers['stripe-signature'] ?? '';
    if (!webhookSecrets.some((secret) => isSignedWith(secret, body, header, clock()))) {
      throw new DomainError(
        'unauthenticated',
        'The Stripe-Signature header is missing, does not match this body or is older than 300 seconds',
      );
    }
    const event = StripeEvent.safeParse(readJson(body));
    const observations = event.success ? observationsOf(event.data, body) : [];
    return { observations, hints: [], reply };
  };
