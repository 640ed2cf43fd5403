import type { Observation, OpenInput } from '@quittance/contracts';
import type { Clock } from '@quittance/runtime';
import type { Stripe } from 'stripe';
import { createOnce } from './create-once.ts';
import { isMissing, refusable } from './errors.ts';
import { lookOf } from './look.ts';
import { intentParams, openedObservation, seenObservation } from './mapping.ts';

export interface StripeDeps {
  stripe: Stripe;
  clock: Clock;
}

/** How much earlier by its own clock than by ours Stripe may say that something was made. */
export const clockSkewSeconds = 300;

/** The PaymentIntent with that id; the charge tells when the money moved. */
export const retrieveIntent = async (
  { stripe, clock }: StripeDeps,
  ref: string,
): Promise<Observation | undefined> => {
  try {
    const intent = await stripe.paymentIntents.retrieve(ref, { expand: ['latest_charge'] });
    return seenObservation(intent, lookOf(intent, clock));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** The PaymentIntent that `open` made for this invoice, from the customer's own list, which never lags. */
export const findIntent = async (
  { stripe, clock }: StripeDeps,
  { createdAt, invoiceId }: Pick<OpenInput, 'createdAt' | 'invoiceId'>,
  customer: string,
  after?: string,
): Promise<Observation | undefined> => {
  const page = await stripe.paymentIntents.list({
    customer,
    created: { gte: Math.floor(Date.parse(createdAt) / 1000) - clockSkewSeconds },
    limit: 100,
    expand: ['data.latest_charge'],
    ...(after !== undefined && { starting_after: after }),
  });
  const intent = page.data.find(({ metadata }) => metadata.invoice_id === String(invoiceId));
  if (intent) return seenObservation(intent, lookOf(page, clock));
  const last = page.data.at(-1);
  return page.has_more && last
    ? findIntent({ stripe, clock }, { createdAt, invoiceId }, customer, last.id)
    : undefined;
};

/**
 * Creates the invoice's PaymentIntent, once. Stripe keeps the failure for a customer that is gone under the invoice's
 * key; the next customer's PaymentIntent has a key that names it, so that every retry comes to the same one.
 */
export const createIntent = async (
  deps: StripeDeps,
  input: OpenInput,
  customer: string,
  isReplacement: boolean,
): Promise<Observation> => {
  const find = () => findIntent(deps, input, customer);
  const found = isReplacement ? await find() : undefined;
  if (found) return found;
  return createOnce(isReplacement ? `${input.key}-for-${customer}` : input.key, {
    create: (options) =>
      refusable(async () =>
        openedObservation(
          await deps.stripe.paymentIntents.create(intentParams(input, customer), options),
        ),
      ),
    find,
  });
};
