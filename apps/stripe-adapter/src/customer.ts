import { type ProviderCustomer, isCurrency } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import { Stripe } from 'stripe';
import { userKeyField } from './customers.ts';
import { refusable } from './errors.ts';

const known = (currency: string | null | undefined): string | null => {
  const code = currency?.toUpperCase() ?? '';
  return isCurrency(code) ? code : null;
};

/** The account's own currency; a restricted key may not be allowed to ask. */
const accountCurrency = async (stripe: Stripe): Promise<string | undefined> => {
  try {
    return (await stripe.accounts.retrieveCurrent()).default_currency;
  } catch (error) {
    if (error instanceof Stripe.errors.StripePermissionError) return undefined;
    throw error;
  }
};

/** A Stripe customer. One that was deleted is shown by Stripe as such, and is nobody here. */
export const lookUpCustomer = async (
  stripe: Stripe,
  { ref }: { ref: string },
): Promise<ProviderCustomer> => {
  const customer = await refusable(() => stripe.customers.retrieve(ref), { isCustomerNamed: true });
  if (customer.deleted === true) {
    throw new DomainError('provider_refused', `No such customer: '${ref}'`, {
      refusal: { status: 404, code: 'resource_missing', param: 'id' },
    });
  }
  const { id, name = null, email, currency, metadata } = customer;
  return {
    ref: id,
    userKey: metadata[userKeyField] ?? null,
    name,
    email,
    currency: known(currency ?? (await accountCurrency(stripe))),
  };
};
