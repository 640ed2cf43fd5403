import type {
  FlowOptions,
  Money,
  PaymentProvider,
  ProviderDescription,
  ProviderName,
} from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';

/** What the providers can do, asked once of each. */
export interface ProviderCatalog {
  /**
   * Refuses what a provider could not collect, before anything is stored or called.
   * @throws DomainError `invalid_request` naming the field; `unavailable` while the adapter cannot be asked
   */
  assertCollectable: (options: FlowOptions, money: Money) => Promise<void>;
}

const refuse = (param: string, message: string): never => {
  throw new DomainError('invalid_request', message, { param });
};

export const createProviderCatalog = (
  providers: Readonly<Record<ProviderName, PaymentProvider>>,
): ProviderCatalog => {
  const known = new Map<ProviderName, Promise<ProviderDescription>>();

  const describe = (provider: ProviderName): Promise<ProviderDescription> => {
    const description = known.get(provider) ?? providers[provider].describe();
    known.set(provider, description);
    description.catch(() => known.delete(provider));
    return description;
  };

  return {
    assertCollectable: async ({ provider, flow }, { amount, currency }) => {
      const { flows } = await describe(provider);
      const limits = flows.find((one) => one.flow === flow)?.currencies[currency];
      if (!limits) return refuse('currency', `${provider} cannot collect ${currency}`);
      if (amount < 1) return refuse('amount', 'must be greater than zero');
      if (amount > limits.max) return refuse('amount', `is more than ${provider} takes at once`);
      if (amount % limits.step !== 0) {
        return refuse(
          'amount',
          `${provider} takes ${currency} in steps of ${limits.step} minor units`,
        );
      }
      return undefined;
    },
  };
};
