import {
  type FlowOptions,
  type Money,
  type PaymentProvider,
  type ProviderDescription,
  ProviderName,
} from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';

/** What a provider can do for one flow. */
export type Ability = ProviderDescription['flows'][number] &
  Pick<ProviderDescription, 'webhookAuthenticated'>;

/** What the providers can do, asked once of each. Every method throws `unavailable` while an adapter cannot be asked. */
export interface ProviderCatalog {
  list: () => Promise<ProviderDescription[]>;
  abilityFor: (invoice: { provider: string; flow: string }) => Promise<Ability>;
  /**
   * Refuses what a provider could not collect, before anything is stored or called.
   * @throws DomainError `invalid_request` naming the field
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

  const abilityFor: ProviderCatalog['abilityFor'] = async ({ provider, flow }) => {
    const { flows, webhookAuthenticated } = await describe(ProviderName.parse(provider));
    const ability = flows.find((one) => one.flow === flow);
    if (!ability) throw new Error(`${provider} does not know ${flow}`);
    return { ...ability, webhookAuthenticated };
  };

  return {
    list: () => Promise.all(ProviderName.options.map(describe)),
    abilityFor,
    assertCollectable: async (options, { amount, currency }) => {
      const { provider } = options;
      const limits = (await abilityFor(options)).currencies[currency];
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
