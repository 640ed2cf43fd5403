import type { Currency, ProviderCustomer, User, UserOfCustomer } from '@quittance/contracts';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { providerNamed } from '../invoices/provider-catalog.ts';
import { takeInWaiting } from '../invoices/take-in-invoice.ts';
import type { Schema } from '../store/schema.ts';
import type { Transaction } from '../store/store.ts';
import { insertUser, userColumns } from './users.ts';

type Customer = Pick<UserOfCustomer, 'provider' | 'customerRef'>;

const findUser = async (
  db: Kysely<Schema>,
  { provider, customerRef }: Customer,
): Promise<User | undefined> => {
  const customer = await db
    .selectFrom('customers')
    .select('user_id')
    .where('provider', '=', provider)
    .where('ref', '=', customerRef)
    .executeTakeFirst();
  if (!customer) return undefined;
  return db
    .selectFrom('users')
    .select(userColumns)
    .where('id', '=', customer.user_id)
    .executeTakeFirstOrThrow();
};

/** The user whom a hub made the customer for, where that hub is this one. */
const findMaker = async (
  tx: Transaction,
  { userKey }: ProviderCustomer,
): Promise<User | undefined> =>
  userKey === null
    ? undefined
    : tx
        .selectFrom('users')
        .select(userColumns)
        .where('public_id', '=', userKey)
        .executeTakeFirst();

const maxName = 255;

/** Text that every database can hold. */
const storable = (text: string | null): string =>
  (text ?? '').replaceAll('\0', '').toWellFormed().trim();

/** Cut before a character that only half of would fit. */
const nameOf = ({ name, email, ref }: ProviderCustomer): string =>
  (storable(name) || storable(email) || ref).slice(0, maxName).replace(/\p{Surrogate}$/u, '');

const emailOf = ({ email }: ProviderCustomer): string | null =>
  z.email().nullable().catch(null).parse(email);

/** Whether a user has a customer already who is billed where nobody is named. */
const hasCustomer = async (
  tx: Transaction,
  { userId, provider }: { userId: number; provider: string },
): Promise<boolean> => {
  const used = await tx
    .selectFrom('customers')
    .select('ref')
    .where('user_id', '=', userId)
    .where('provider', '=', provider)
    .where('in_use', '=', 1)
    .executeTakeFirst();
  return used !== undefined;
};

const makeUser = async (
  deps: Deps,
  input: UserOfCustomer,
  customer: ProviderCustomer,
): Promise<User> => {
  const { accountId, provider, customerRef } = input;
  const abilities = await deps.catalog.abilitiesOf(provider);
  return deps.store.write(async (tx) => {
    const now = deps.clock();
    const known = await findUser(tx, input);
    if (known) return known;
    const user =
      (await findMaker(tx, customer)) ??
      (await insertUser(tx, {
        accountId,
        name: nameOf(customer),
        email: emailOf(customer),
        now,
      }));
    const isFirst = !(await hasCustomer(tx, { userId: user.id, provider }));
    await tx
      .insertInto('customers')
      .values({ user_id: user.id, provider, ref: customerRef, in_use: Number(isFirst) })
      .execute();
    await takeInWaiting(deps, tx, { provider, customerRef, abilities, now });
    return user;
  });
};

/**
 * The user who is that customer at the provider. One whom none of our users is becomes a user of the account, with
 * what the provider knows of them, and what was made for them there is taken in.
 */
export const userOfCustomer = async (deps: Deps, input: UserOfCustomer): Promise<User> =>
  (await findUser(deps.store.read, input)) ??
  makeUser(
    deps,
    input,
    await providerNamed(deps.providers, input.provider).customer({ ref: input.customerRef }),
  );

/** The same, with the currency that the customer is billed in when nobody says; null where the provider knows none. */
export const billedUser = async (
  deps: Deps,
  input: UserOfCustomer,
): Promise<{ user: User; currency: Currency | null }> => {
  const customer = await providerNamed(deps.providers, input.provider).customer({
    ref: input.customerRef,
  });
  const user = (await findUser(deps.store.read, input)) ?? (await makeUser(deps, input, customer));
  return { user, currency: customer.currency };
};
