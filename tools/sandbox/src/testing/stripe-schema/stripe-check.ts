import { cacheFolder } from './cache.ts';
import { createStripeCheck, type StripeCheck } from './check.ts';
import { loadStripeSchemas } from './load.ts';
import { createValidators } from './validators.ts';

let loaded: StripeCheck | undefined;

/** The check against the installed SDK; one for the whole process, since it keeps what it loaded. */
export const stripeCheck = async (): Promise<StripeCheck> => {
  if (loaded === undefined) {
    const folder = cacheFolder();
    const schemas = await loadStripeSchemas(folder);
    loaded = createStripeCheck(createValidators(folder, schemas));
  }
  return loaded;
};
