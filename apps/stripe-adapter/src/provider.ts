import type { PaymentProvider, ProviderDescription } from '@quittance/contracts';
import type { Clock } from '@quittance/runtime';
import type { StripeConfig } from './config.ts';
import { cancelIntent } from './cancel.ts';
import { connect } from './connection.ts';
import { currencyLimits } from './currencies.ts';
import { findOpened, openInvoice } from './open.ts';
import { retrieveIntent } from './payment-intents.ts';
import { refundIntent } from './refund.ts';
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
    cancel: (input) => run(() => cancelIntent(deps, input)),
    refund: (input) => run(() => refundIntent(deps, input)),
    receive: createReceiver({ webhookSecrets: config.STRIPE_WEBHOOK_SECRET, clock }),
  };
};
