import type { PaymentProvider, ProviderDescription } from '@quittance/contracts';
import type { Clock } from '@quittance/runtime';
import type { Stripe } from 'stripe';
import { currencyLimits, toStripeAmount } from './currencies.ts';
import { ensureCustomer, findCustomer } from './customers.ts';
import { isMissing, asPortError } from './errors.ts';
import { openedObservation, refundObservation, seenObservation } from './mapping.ts';
import { createIntent, findIntent } from './payment-intents.ts';
import { createReceiver } from './webhook.ts';

export interface StripeProviderDeps {
  stripe: Stripe;
  webhookSecrets: readonly string[];
  clock: Clock;
}

const description: ProviderDescription = {
  provider: 'stripe',
  flows: [
    {
      flow: 'stripe.payment_intent',
      currencies: currencyLimits,
      cancel: true,
      refund: 'partial',
      expire: false,
    },
  ],
  webhookAuthenticated: true,
};

/** Every method's failure as the port promises it. */
const classified = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    throw asPortError(error);
  }
};

export const createStripeProvider = (deps: StripeProviderDeps): PaymentProvider => {
  const { stripe, clock } = deps;

  const retrieve = async (ref: string): Promise<Stripe.PaymentIntent | undefined> => {
    try {
      return await stripe.paymentIntents.retrieve(ref);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };

  const seen = (intent: Stripe.PaymentIntent | undefined) =>
    intent ? [seenObservation(intent, clock())] : [];

  const open: PaymentProvider['open'] = async (input) => {
    const customerRef = await ensureCustomer(stripe, input.customer);
    try {
      const intent = await createIntent(stripe, input, customerRef);
      return { observation: openedObservation(intent), customerRef };
    } catch (error) {
      const customerIsGone = isMissing(error, 'customer') && input.customer.ref !== null;
      if (!customerIsGone) throw error;
      return open({
        ...input,
        key: `${input.key}-new-customer`,
        customer: { ...input.customer, ref: null },
      });
    }
  };

  return {
    describe: () => Promise.resolve(description),
    open: (input) => classified(() => open(input)),
    find: (input) =>
      classified(async () => {
        if (input.by === 'ref') {
          return { observations: seen(await retrieve(input.ref)), customerRef: null };
        }
        const customerRef = await findCustomer(stripe, input.open.customer);
        if (customerRef === null) return { observations: [], customerRef };
        const intent = await findIntent(stripe, input.open, customerRef);
        return { observations: seen(intent), customerRef };
      }),
    cancel: ({ ref, key }) =>
      classified(async () => {
        const intent = await stripe.paymentIntents.cancel(ref, {}, { idempotencyKey: key });
        return seenObservation(intent, clock());
      }),
    refund: ({ ref, key, money }) =>
      classified(async () => {
        const params = { payment_intent: ref, amount: toStripeAmount(money) };
        const refund = await stripe.refunds.create(params, { idempotencyKey: key });
        return refundObservation(ref, refund);
      }),
    receive: createReceiver(deps),
  };
};
