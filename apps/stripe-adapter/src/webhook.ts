import { invalidInput, DomainError, parseJson } from '@quittance/rpc';
import type { Observation, PaymentProvider } from '@quittance/contracts';
import { PaymentIntent, StripeEvent } from '@quittance/contracts/stripe';
import { Stripe } from 'stripe';
import { webhookObservation } from './mapping.ts';
import type { StripeProviderDeps } from './provider.ts';

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

/** Events of our own PaymentIntents. Others of the same Stripe account carry no invoice of ours in their metadata. */
const observationsOf = (event: StripeEvent, raw: string): Observation[] => {
  if (!event.type.startsWith('payment_intent.')) return [];
  const intent = PaymentIntent.safeParse(event.data.object);
  if (!intent.success) throw invalidInput(intent.error);
  const isOurs = intent.data.metadata.invoice_id !== undefined;
  return isOurs ? [webhookObservation(event, intent.data, raw)] : [];
};

/**
 * Verifies `Stripe-Signature` over the raw body with each secret in force, and refuses what is older than 300 s.
 * https://docs.stripe.com/webhooks#verify-official-libraries
 */
export const createReceiver =
  ({ webhookSecrets, clock }: StripeProviderDeps): PaymentProvider['receive'] =>
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
