import type { FindResult, OpenInput, OpenResult } from '@quittance/contracts';
import { ensureCustomer, findCustomer } from './customers.ts';
import { isCustomerGone } from './errors.ts';
import { createIntent, findIntent, type StripeDeps } from './payment-intents.ts';

/** How many customers of a user may turn out to be deleted at Stripe within one call. */
const maxGone = 4;

const isNextTried = (error: unknown, gone: readonly string[]): boolean =>
  isCustomerGone(error) && gone.length < maxGone;

/** Makes the invoice payable, for another customer when the one that was to pay is gone. */
export const openInvoice = async (
  deps: StripeDeps,
  input: OpenInput,
  gone: readonly string[] = [],
): Promise<OpenResult> => {
  const customerRef = await ensureCustomer(deps.stripe, input.customer, gone);
  try {
    const observation = await createIntent(deps, input, customerRef, gone.length > 0);
    return { observation, customerRef };
  } catch (error) {
    if (!isNextTried(error, gone)) throw error;
    return openInvoice(deps, input, [...gone, customerRef]);
  }
};

/** What `openInvoice` made, if anything. */
export const findOpened = async (
  deps: StripeDeps,
  input: OpenInput,
  gone: readonly string[] = [],
): Promise<FindResult> => {
  const customerRef = await findCustomer(deps.stripe, input.customer, gone);
  if (customerRef === null) return { observations: [], customerRef };
  try {
    const found = await findIntent(deps, input, customerRef);
    return { observations: found ? [found] : [], customerRef };
  } catch (error) {
    if (!isNextTried(error, gone)) throw error;
    return findOpened(deps, input, [...gone, customerRef]);
  }
};
