import { type Flow, FlowOptions, ProviderName } from '@quittance/contracts';

const providers = new Map<Flow, ProviderName>(
  FlowOptions.options.map(({ shape }) => [shape.flow.value, shape.provider.value]),
);

/** Ids are a provider's own, and are looked up by both. */
export const providerOfFlow = (flow: Flow): ProviderName => ProviderName.parse(providers.get(flow));
