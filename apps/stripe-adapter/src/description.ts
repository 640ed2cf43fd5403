import type { ProviderDescription } from '@quittance/contracts';
import { currencyLimits } from './currencies.ts';

/** An invoice is collected by a PaymentIntent, so the limits on amounts are the same. */
const common = {
  currencies: currencyLimits,
  refund: 'partial',
  expire: false,
  watchMs: 0,
  needsProject: false,
  doubtMs: 0,
} as const;

export const description: Omit<ProviderDescription, 'reachable'> = {
  provider: 'stripe',
  flows: [
    { flow: 'stripe.payment_intent', acts: ['cancel'], settledBy: 'policy', ...common },
    {
      flow: 'stripe.invoice',
      acts: ['cancel', 'finalize', 'pay', 'send', 'void', 'mark_uncollectible'],
      settledBy: 'provider',
      ...common,
    },
  ],
  webhookAuthenticated: true,
  pace: null,
};
