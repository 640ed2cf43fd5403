import type { FindResult, Observation, OpenInput, OpenResult } from '@quittance/contracts';
import { ensureCustomer, findCustomer } from './customers.ts';
import { isCustomerGone } from './errors.ts';
import { findStripeInvoice, openStripeInvoice } from './open-invoice.ts';
import { createIntent, findIntent, type StripeDeps } from './payment-intents.ts';

/** How many customers of a user may turn out to be deleted at Stripe within one call. */
const maxGone = 4;

const isNextTried = (error: unknown, gone: readonly string[]): boolean =>
  isCustomerGone(error) && gone.length < maxGone;

/** The customer whom the order names, and no other. */
const namedIn = ({ options }: OpenInput): string | null =>
  options.flow === 'stripe.invoice' ? options.customer : null;

const make = (
  deps: StripeDeps,
  input: OpenInput,
  customer: string,
  isReplacement: boolean,
): Promise<Observation> => {
  const { options } = input;
  return options.flow === 'stripe.invoice'
    ? openStripeInvoice(deps, { input, options, customer }, isReplacement)
    : createIntent(deps, input, customer, isReplacement);
};

const findMade = (
  deps: StripeDeps,
  input: OpenInput,
  customer: string,
): Promise<Observation | undefined> => {
  const { options } = input;
  return options.flow === 'stripe.invoice'
    ? findStripeInvoice(deps, { input, options, customer })
    : findIntent(deps, input, customer);
};

const openForUser = async (
  deps: StripeDeps,
  input: OpenInput,
  gone: readonly string[] = [],
): Promise<OpenResult> => {
  const customerRef = await ensureCustomer(deps.stripe, input.customer, gone);
  try {
    const observation = await make(deps, input, customerRef, gone.length > 0);
    return { observation, customerRef };
  } catch (error) {
    if (!isNextTried(error, gone)) throw error;
    return openForUser(deps, input, [...gone, customerRef]);
  }
};

/**
 * Makes it payable, for another customer when the user's own is gone. One that is named does not become the user's
 * own by that.
 */
export const openPayable = async (deps: StripeDeps, input: OpenInput): Promise<OpenResult> => {
  const named = namedIn(input);
  if (named === null) return openForUser(deps, input);
  return { observation: await make(deps, input, named, false), customerRef: input.customer.ref };
};

const findForUser = async (
  deps: StripeDeps,
  input: OpenInput,
  gone: readonly string[] = [],
): Promise<FindResult> => {
  const customerRef = await findCustomer(deps.stripe, input.customer, gone);
  if (customerRef === null) return { observations: [], customerRef };
  try {
    const found = await findMade(deps, input, customerRef);
    return { observations: found ? [found] : [], customerRef };
  } catch (error) {
    if (!isNextTried(error, gone)) throw error;
    return findForUser(deps, input, [...gone, customerRef]);
  }
};

/** What `openPayable` made, if anything. */
export const findOpened = async (deps: StripeDeps, input: OpenInput): Promise<FindResult> => {
  const named = namedIn(input);
  if (named === null) return findForUser(deps, input);
  const found = await findMade(deps, input, named);
  return { observations: found ? [found] : [], customerRef: input.customer.ref };
};
