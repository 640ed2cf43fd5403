import {
  type Flow,
  type FlowOptions,
  formatDecimal,
  type Money,
  type PaymentProvider,
  type ProviderDescription,
  ProviderName,
} from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';

export type Providers = Readonly<Partial<Record<ProviderName, PaymentProvider>>>;

/** @throws DomainError `invalid_request` for one that this hub does not have */
export const providerNamed = (providers: Providers, name: ProviderName): PaymentProvider => {
  const provider = providers[name];
  if (provider) return provider;
  throw new DomainError('invalid_request', `${name} is not set up in this hub`, {
    param: 'provider',
  });
};

/** What a provider can do for one flow. */
export type Ability = ProviderDescription['flows'][number] &
  Pick<ProviderDescription, 'webhookAuthenticated' | 'pace'>;

/** Whether nobody but us ends what it collects: the provider goes on taking money, unless it asks us before. */
export const isEndedByUsAlone = ({ expire, acts }: Pick<Ability, 'expire' | 'acts'>): boolean =>
  !expire && !acts.includes('cancel');

/**
 * What the providers can do, asked once of each but by `list`, which asks anew. Every method throws `unavailable`
 * while an adapter cannot be asked.
 */
export interface ProviderCatalog {
  list: () => Promise<ProviderDescription[]>;
  describe: (provider: ProviderName) => Promise<ProviderDescription>;
  /** By flow. */
  abilitiesOf: (provider: ProviderName) => Promise<ReadonlyMap<string, Ability>>;
  abilityFor: (invoice: { provider: string; flow: string }) => Promise<Ability>;
  /**
   * Refuses what a provider could not collect, before anything is stored or called.
   * @throws DomainError `invalid_request` naming the field
   */
  assertCollectable: (options: FlowOptions, money: Money) => Promise<void>;
  /** Which flow is behind a bot. @throws DomainError `not_found` */
  bot: (bot: { botId: string }) => Promise<{ flow: Flow }>;
}

const refuse = (param: string, message: string): never => {
  throw new DomainError('invalid_request', message, { param });
};

export const createProviderCatalog = (providers: Providers): ProviderCatalog => {
  const known = new Map<ProviderName, Promise<ProviderDescription>>();

  const describe = async (provider: ProviderName): Promise<ProviderDescription> => {
    const description = known.get(provider) ?? providerNamed(providers, provider).describe();
    known.set(provider, description);
    description.catch(() => known.delete(provider));
    return description;
  };

  const abilitiesOf: ProviderCatalog['abilitiesOf'] = async (provider) => {
    const { flows, webhookAuthenticated, pace } = await describe(provider);
    return new Map(flows.map((flow) => [flow.flow, { ...flow, webhookAuthenticated, pace }]));
  };

  const abilityFor: ProviderCatalog['abilityFor'] = async ({ provider, flow }) => {
    const ability = (await abilitiesOf(ProviderName.parse(provider))).get(flow);
    if (!ability) throw new Error(`${provider} does not know ${flow}`);
    return ability;
  };

  return {
    list: () =>
      Promise.all(ProviderName.options.flatMap((name) => providers[name]?.describe() ?? [])),
    describe,
    abilitiesOf,
    abilityFor,
    assertCollectable: async (options, { amount, currency }) => {
      const { provider } = options;
      const limits = (await abilityFor(options)).currencies[currency];
      if (!limits) return refuse('currency', `${provider} cannot collect ${currency}`);
      if (amount < 1) return refuse('amount', 'must be greater than zero');
      const { min = 1 } = limits;
      if (amount < min) {
        const least = `${formatDecimal({ amount: min, currency })} ${currency}`;
        return refuse('amount', `is less than ${provider} takes at once, which is ${least}`);
      }
      if (amount > limits.max) return refuse('amount', `is more than ${provider} takes at once`);
      const steps = `${provider} takes ${currency} in steps of ${limits.step} minor units`;
      if (amount % limits.step !== 0) return refuse('amount', steps);
      const lines = 'lines' in options ? options.lines : [];
      const odd = lines.findIndex(({ unitAmount }) => unitAmount % limits.step !== 0);
      return odd === -1 ? undefined : refuse(`options.lines.${odd}.unitAmount`, steps);
    },
    bot: async ({ botId }) => {
      const names = ProviderName.options.filter((name) => providers[name]);
      const asked = await Promise.allSettled(names.map(describe));
      const bots = asked.flatMap((one) =>
        one.status === 'fulfilled' ? (one.value.bots ?? []) : [],
      );
      const bot = bots.find(({ id }) => id === botId);
      if (bot) return { flow: bot.flow };
      // Whoever did not answer may have had it.
      const failed = asked.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
      throw new DomainError('not_found', `No bot ${botId}`);
    },
  };
};
