import { parseJson } from '@quittance/rpc';
import { z } from 'zod';

const ProviderData = z.record(z.string(), z.unknown());

/** The provider's object as its API gave it. */
export const readProviderData = (json: string): z.infer<typeof ProviderData> =>
  ProviderData.parse(parseJson(json));
