import { invalidInput, DomainError, parseJson } from '@quittance/rpc';
import type { Observation, PaymentProvider } from '@quittance/contracts';
import { PaymentIntent, StripeEvent } from '@quittance/contracts/stripe';
import type { Clock } from '@quittance/runtime';
import { Stripe } from 'stripe';
import { z } from 'zod';
import { isTaken } from './currencies.ts';
import { webhookObservation } from './mapping.ts';
import { refundWebhookObservations } from './refund-webhook.ts';

/** Our PaymentIntents name the invoice, and are in a currency that we take. */
const OurIntent = z.object({
  metadata: z.object({ invoice_id: z.string().regex(/^[1-9]\d*$/) }),
  currency: z.string().refine(isTaken),
});

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

/** The account's other PaymentIntents come here too, and need not even be readable. */
const ofIntent = (event: StripeEvent, raw: string): Observation[] => {
  if (!OurIntent.safeParse(event.data.object).success) return [];
  const intent = PaymentIntent.safeParse(event.data.object);
  if (!intent.success) throw invalidInput(intent.error);
  return [webhookObservation(event, intent.data, raw)];
};

const observationsOf = (event: StripeEvent, raw: string): Observation[] =>
  event.type.startsWith('payment_intent.')
    ? ofIntent(event, raw)
    : refundWebhookObservations(event, raw);

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
    return { observations: event.success ? observationsOf(event.data, body) : [], reply };
  };
