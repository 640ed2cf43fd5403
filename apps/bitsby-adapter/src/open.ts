import type { OpenInput, OpenResult } from '@quittance/contracts';
import type { BitsbyDeps } from './deps.ts';
import { unclear } from './errors.ts';
import { lookNow } from './look.ts';
import { createFields, openedObservation } from './mapping.ts';
import { patienceOf } from './patience.ts';

/**
 * Creates the invoice. Bitsby knows no idempotency keys, so whoever tries again looks for it first, as `find` does by
 * what `open` was called with. https://docs.bitsby.app/api-documentation/invoice-creation
 */
export const openInvoice = async (deps: BitsbyDeps, input: OpenInput): Promise<OpenResult> => {
  const { bitsby, config, clock } = deps;
  const fields = createFields(input);
  const patience = patienceOf(deps, config.BITSBY_PATIENCE_MS);
  const data = await bitsby.order('/invoices/create', fields, patience);
  const observation = openedObservation(data, lookNow(clock));
  if (!observation) throw unclear(new Error('The answer to a create cannot be read'));
  return { observation, customerRef: null };
};
