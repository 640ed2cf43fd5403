import type { OpenInput } from '@quittance/contracts';
import type { Stripe } from 'stripe';
import { isReplayedFailure } from './errors.ts';
import { intentParams } from './mapping.ts';

const maxKeys = 5;
const clockSkewSeconds = 300;

/** The PaymentIntent that `open` made for this invoice, from the customer's own list, which never lags. */
export const findIntent = async (
  stripe: Stripe,
  { createdAt, invoiceId }: OpenInput,
  customer: string,
): Promise<Stripe.PaymentIntent | undefined> => {
  const gte = Math.floor(Date.parse(createdAt) / 1000) - clockSkewSeconds;
  for await (const intent of stripe.paymentIntents.list({
    customer,
    created: { gte },
    limit: 100,
  })) {
    if (intent.metadata.invoice_id === String(invoiceId)) return intent;
  }
  return undefined;
};

/**
 * Creates the invoice's PaymentIntent, once. If Stripe has kept a 5xx under the key, that request is over: when it
 * left nothing behind, the next key in line is used.
 */
export const createIntent = async (
  stripe: Stripe,
  input: OpenInput,
  customer: string,
  attempt = 1,
): Promise<Stripe.PaymentIntent> => {
  const idempotencyKey = attempt === 1 ? input.key : `${input.key}-${attempt}`;
  try {
    return await stripe.paymentIntents.create(intentParams(input, customer), { idempotencyKey });
  } catch (error) {
    if (!isReplayedFailure(error) || attempt === maxKeys) throw error;
    return (
      (await findIntent(stripe, input, customer)) ??
      (await createIntent(stripe, input, customer, attempt + 1))
    );
  }
};
