import type { OpenInput } from '@quittance/contracts';
import type { Stripe } from 'stripe';
import { createOnce } from './create-once.ts';

type CustomerInput = OpenInput['customer'];

/** Where a Stripe customer says whose it is. */
export const userKeyField = 'quittance_user';

/**
 * The user's customer at Stripe, if there is one that is not known to be `gone`. Search lags about a minute behind
 * what was made or deleted.
 */
export const findCustomer = async (
  stripe: Stripe,
  { ref, key }: CustomerInput,
  gone: readonly string[] = [],
): Promise<string | null> => {
  if (ref !== null && !gone.includes(ref)) return ref;
  const { data } = await stripe.customers.search({
    query: `metadata['${userKeyField}']:'${key}'`,
    limit: 100,
  });
  return data.find(({ id }) => !gone.includes(id))?.id ?? null;
};

/** The same from the list, which never lags but cannot be asked for metadata: the newest ones, by email if known. */
const findNewCustomer = async (
  stripe: Stripe,
  { key, email }: CustomerInput,
  gone: readonly string[],
): Promise<string | undefined> => {
  const { data } = await stripe.customers.list({ limit: 100, ...(email !== null && { email }) });
  return data.find(({ id, metadata }) => metadata[userKeyField] === key && !gone.includes(id))?.id;
};

/**
 * The user's customer at Stripe: the one we know, else the one that is found, else made. The idempotency key makes
 * everybody who makes it at the same time, or makes it again before search knows it, get the same.
 */
export const ensureCustomer = async (
  stripe: Stripe,
  customer: CustomerInput,
  gone: readonly string[],
): Promise<string> => {
  const found = await findCustomer(stripe, customer, gone);
  if (found !== null) return found;
  const { name, email, key, userId } = customer;
  const params: Stripe.CustomerCreateParams = {
    name,
    ...(email !== null && { email }),
    metadata: { [userKeyField]: key, user: String(userId) },
  };
  const lastGone = gone.at(-1);
  const suffix = lastGone === undefined ? '' : `-after-${lastGone}`;
  return createOnce(`quittance-customer-${key}${suffix}`, {
    create: async (options) => (await stripe.customers.create(params, options)).id,
    find: async () =>
      (await findCustomer(stripe, customer, gone)) ??
      (await findNewCustomer(stripe, customer, gone)),
  });
};
