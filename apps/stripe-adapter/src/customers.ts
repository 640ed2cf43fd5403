import type { OpenInput } from '@quittance/contracts';
import type { Stripe } from 'stripe';

type CustomerInput = OpenInput['customer'];

/** Where a Stripe customer says whose it is. */
const keyField = 'quittance_user';

/** The user's customer at Stripe, if there is one. Search lags about a minute behind what was made. */
export const findCustomer = async (
  stripe: Stripe,
  { ref, key }: CustomerInput,
): Promise<string | null> => {
  if (ref !== null) return ref;
  const { data } = await stripe.customers.search({
    query: `metadata['${keyField}']:'${key}'`,
    limit: 1,
  });
  return data[0]?.id ?? null;
};

/**
 * The user's customer at Stripe: the one we know, else the one that is found, else made. The idempotency key makes
 * everybody who makes it at the same time, or makes it again before search knows it, get the same.
 */
export const ensureCustomer = async (stripe: Stripe, customer: CustomerInput): Promise<string> => {
  const found = await findCustomer(stripe, customer);
  if (found !== null) return found;
  const { name, email, key, userId } = customer;
  const made = await stripe.customers.create(
    { name, ...(email !== null && { email }), metadata: { [keyField]: key, user: String(userId) } },
    { idempotencyKey: `quittance-customer-${key}` },
  );
  return made.id;
};
