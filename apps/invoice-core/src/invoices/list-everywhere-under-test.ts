import { type Flow, InvoiceStatus, type ListEverywhere } from '@quittance/contracts';
import fc from 'fast-check';
import type { Store } from '../store/store.ts';
import { type AccountUnderTest, insertAccount, insertInvoice } from './list-under-test.ts';

export const flow = 'stripe.invoice' as const;

/** What an invoice is like, as far as lists of every account's tell invoices apart. Times are ms after the first. */
export interface Made {
  account: number;
  user: number;
  ms: number;
  status: InvoiceStatus;
  flow: Flow;
  /** Whether its provider has it. */
  opened: boolean;
}

export interface MadeInvoice extends Made {
  publicId: string;
  userId: number;
}

export interface Wanted {
  statuses: InvoiceStatus[] | null;
  user: { account: number; user: number } | null;
  from: number | null;
  to: number | null;
}

const accounts = 2;
const status = fc.constantFrom(...InvoiceStatus.options);
const owner = { account: fc.nat({ max: accounts - 1 }), user: fc.nat({ max: 2 }) };

export const made = (lastMs: number): fc.Arbitrary<Made> =>
  fc.record({
    ...owner,
    ms: fc.nat({ max: lastMs }),
    status,
    flow: fc.constantFrom(flow, flow, flow, 'stripe.payment_intent'),
    opened: fc.constantFrom(true, true, true, false),
  });

export const wanted = (lastMs: number): fc.Arbitrary<Wanted> =>
  fc.record({
    statuses: fc.option(fc.array(status, { minLength: 1, maxLength: 6 }), { freq: 2 }),
    user: fc.option(fc.record(owner), { freq: 2 }),
    from: fc.option(fc.nat({ max: lastMs }), { freq: 2 }),
    to: fc.option(fc.nat({ max: lastMs }), { freq: 2 }),
  });

export const insertAccounts = (store: Store, createdAt: number): Promise<AccountUnderTest[]> =>
  Promise.all(Array.from({ length: accounts }, () => insertAccount(store, createdAt)));

/** An invoice as its create left it, moved to where it shall be. */
export const insertMade = async (
  store: Store,
  owners: readonly AccountUnderTest[],
  { one, startMs }: { one: Made; startMs: number },
): Promise<MadeInvoice> => {
  const account = owners[one.account];
  if (!account) throw new Error(`No account ${one.account}`);
  const like = { user: one.user, status: 0, item: 0, amount: 0, words: null };
  const createdAt = startMs + one.ms;
  const { publicId, userId } = await insertInvoice(store, account, { like, createdAt });
  await store.write(async (tx) => {
    await tx
      .updateTable('invoices')
      .set({
        status: one.status,
        flow: one.flow,
        provider_ref: one.opened ? `in_${publicId}` : null,
      })
      .where('public_id', '=', publicId)
      .execute();
  });
  return { ...one, publicId, userId };
};

export const publicIdOf = async (store: Store, userId: number): Promise<string> => {
  const user = await store.read
    .selectFrom('users')
    .select('public_id')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  return user.public_id;
};

export const filterOf = async (
  store: Store,
  owners: readonly AccountUnderTest[],
  { want, startMs }: { want: Wanted; startMs: number },
): Promise<ListEverywhere['filter']> => {
  const { statuses, user, from, to } = want;
  const iso = (ms: number): string => new Date(startMs + ms).toISOString();
  const userId = user && owners[user.account]?.userIds[user.user];
  return {
    ...(statuses && { statuses }),
    ...(userId !== null &&
      userId !== undefined && { userPublicId: await publicIdOf(store, userId) }),
    ...(from !== null && { createdFrom: iso(from) }),
    ...(to !== null && { createdTo: iso(to) }),
  };
};

/** What a list must hold, found by looking at each invoice. */
export const naively = (stored: readonly MadeInvoice[], want: Wanted): string[] =>
  stored
    .filter(
      (one) =>
        one.flow === flow &&
        one.opened &&
        (want.statuses === null || want.statuses.includes(one.status)) &&
        (want.user === null ||
          (one.account === want.user.account && one.user === want.user.user)) &&
        (want.from === null || one.ms >= want.from) &&
        (want.to === null || one.ms < want.to),
    )
    .map(({ publicId }) => publicId)
    .toSorted()
    .toReversed();
