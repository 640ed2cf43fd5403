import type { PaymentProvider, ProviderDescription } from '@quittance/contracts';
import type { Clock } from '@quittance/runtime';
import type { StripeConfig } from './config.ts';
import { connect } from './connection.ts';
import { currencyLimits, toStripeAmount } from './currencies.ts';
import { refusable } from './errors.ts';
import { lookOf } from './look.ts';
import { seenObservation } from './mapping.ts';
import { findOpened, openInvoice } from './open.ts';
import { retrieveIntent } from './payment-intents.ts';
import { refundObservation } from './refund-mapping.ts';
import { createReceiver } from './webhook.ts';

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

export const createStripeProvider = ({
  config,
  clock,
}: {
  config: StripeConfig;
  clock: Clock;
}): PaymentProvider => {
  const { stripe, run } = connect(config);
  const deps = { stripe, clock };

  return {
    describe: () => Promise.resolve(description),
    open: (input) => run(() => openInvoice(deps, input)),
    find: (input) =>
      run(async () => {
        if (input.by === 'open') return findOpened(deps, input.open);
        const found = await retrieveIntent(deps, input.ref);
        return { observations: found ? [found] : [], customerRef: null };
      }),
    cancel: ({ ref, key }) =>
      run(async () => {
        const intent = await refusable(() =>
          stripe.paymentIntents.cancel(ref, {}, { idempotencyKey: key }),
        );
        return seenObservation(intent, lookOf(intent, clock));
      }),
    refund: ({ ref, key, money }) =>
      run(async () => {
        const params = { payment_intent: ref, amount: toStripeAmount(money) };
        const refund = await refusable(() =>
          stripe.refunds.create(params, { idempotencyKey: key }),
        );
        return refundObservation(ref, refund);
      }),
    receive: createReceiver({ webhookSecrets: config.STRIPE_WEBHOOK_SECRET, clock }),
  };
};
