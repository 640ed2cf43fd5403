import type { Observation } from '@quittance/contracts';
import { parseJson } from '@quittance/rpc';
import { z } from 'zod';

const ProviderData = z.record(z.string(), z.unknown());

/** Bitsby's object as an observation has it; empty where there is none. */
export const dataOf = (
  observation: Pick<Observation, 'providerData'> | undefined,
): z.infer<typeof ProviderData> => ProviderData.parse(parseJson(observation?.providerData ?? '{}'));

/** Where a payer pays what an observation is about. */
export const pageOf = (observation: Pick<Observation, 'providerData'> | undefined): string =>
  z.url().parse(dataOf(observation)['url']);
