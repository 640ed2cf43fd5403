import type { FlowDescription, ProviderDescription } from '@quittance/contracts';
import type { z } from 'zod';
import { only } from './provider-evidence.ts';
import type { Lack, ProviderUnderTest } from './provider-under-test.ts';

/** What is promised of a provider: by its own word, and by what it has to offer. */
export interface Traits {
  description: ProviderDescription;
  flow: z.infer<typeof FlowDescription>;
  has: (ability: Lack) => boolean;
  canDecline: boolean;
}

export const traitsOf = async (subject: ProviderUnderTest): Promise<Traits> => {
  const { provider, options, lacks = [], decline } = subject;
  const description = await provider.describe();
  const flow = only(description.flows.filter((one) => one.flow === options.flow));
  return {
    description,
    flow,
    has: (ability) => !lacks.includes(ability),
    canDecline: decline !== undefined,
  };
};

export type Applies = (traits: Traits) => boolean;

export const isSigned: Applies = ({ description, has }) =>
  description.webhookAuthenticated && has('signatures');

/** Adds a test to the suite; of a provider whose traits it does not apply to it is skipped. */
export type Check = (
  title: string,
  run: (subject: ProviderUnderTest, traits: Traits) => Promise<void>,
  applies?: Applies,
) => void;
