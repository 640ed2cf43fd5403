import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type InvoiceFilter, InvoiceStatus } from '@quittance/contracts';
import fc from 'fast-check';
import { newPublicId } from '../ids.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { insertTerms } from './description-terms.ts';

export interface StoreUnderTest {
  store: Store;
  /** The same database in new connections. */
  reopen: () => Promise<Store>;
  [Symbol.asyncDispose]: () => Promise<void>;
}

export const openStore = async (): Promise<StoreUnderTest> => {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-lists-'));
  const stores: Store[] = [];
  const open = async (): Promise<Store> => {
    const store = await openSqliteStore(join(folder, 'test.db'));
    stores.push(store);
    return store;
  };
  return {
    store: await open(),
    reopen: open,
    [Symbol.asyncDispose]: async () => {
      for (const store of stores) await store.close();
      await rm(folder, { recursive: true });
    },
  };
};

export interface AccountUnderTest {
  accountId: number;
  userIds: readonly number[];
}

export const insertAccount = (store: Store, createdAt: number): Promise<AccountUnderTest> =>
  store.write(async (tx) => {
    const { id: accountId } = await tx
      .insertInto('accounts')
      .values({ name: 'Shop', policy: '{}', created_at: createdAt })
      .returning('id')
      .executeTakeFirstOrThrow();
    const users = ['Ada', 'Bob', 'Cyd'].map((name) => ({
      public_id: newPublicId(createdAt),
      account_id: accountId,
      name,
      email: null,
      created_at: createdAt,
    }));
    const rows = await tx.insertInto('users').values(users).returning('id').execute();
    return { accountId, userIds: rows.map(({ id }) => id) };
  });

/** Words by number, each in several spellings that must not differ. */
const spellings = [
  ['zürich', 'ZURICH', 'Zu\u0308rich'],
  ['straße', 'STRASSE', 'Strasse'],
  ['προς', 'ΠΡΟΣ', 'πρός'],
  ['ёлка', 'Елка', 'ЁЛКА'],
  ['42', '４２', '42'],
  ['flight', 'Flight', 'FLIGHT'],
  // Begins as another does, and is another word.
  ['flights', 'Flights', 'FLIGHTS'],
] as const;

const statuses = InvoiceStatus.options;

/** Small numbers that say what an invoice is like: few enough values that filters find something. */
export interface Likeness {
  user: number;
  status: number;
  item: number;
  amount: number;
  words: readonly { word: number; spelling: number }[] | null;
}

const words = fc.array(
  fc.record({ word: fc.nat({ max: spellings.length - 1 }), spelling: fc.nat({ max: 2 }) }),
  { maxLength: 4 },
);

export const likeness: fc.Arbitrary<Likeness> = fc.record({
  user: fc.nat({ max: 2 }),
  status: fc.nat({ max: 3 }),
  item: fc.nat({ max: 3 }),
  amount: fc.nat({ max: 20 }),
  words: fc.option(words),
});

const spell = (chosen: NonNullable<Likeness['words']>, between: string): string =>
  chosen.map(({ word, spelling }) => spellings[word]?.[spelling] ?? '').join(between);

const statusOf = ({ status }: Likeness): InvoiceStatus => statuses[status + 2] ?? 'paid';
const itemOf = ({ item }: Likeness) => ({ type: `type${item % 2}`, id: String(item) });

export interface Stored {
  publicId: string;
  createdAt: number;
  userId: number;
  likeness: Likeness;
}

/** An invoice made at this time, as a create stores it. */
export const insertInvoice = (
  store: Store,
  { accountId, userIds }: AccountUnderTest,
  { like, createdAt }: { like: Likeness; createdAt: number },
): Promise<Stored> =>
  store.write(async (tx) => {
    const publicId = newPublicId(createdAt);
    const userId = userIds[like.user] ?? 0;
    const { type, id } = itemOf(like);
    const description = like.words && spell(like.words, ' – ');
    const { id: observationId } = await tx
      .insertInto('observations')
      .values({
        provider: 'stripe',
        evidence_id: publicId,
        ref: null,
        invoice_id: null,
        source: 'open',
        facts: '[]',
        provider_data: JSON.stringify({ of: publicId }),
        raw: null,
        occurred_at: createdAt,
        received_at: createdAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('invoices')
      .values({
        public_id: publicId,
        account_id: accountId,
        user_id: userId,
        provider: 'stripe',
        flow: 'stripe.payment_intent',
        options: '{}',
        sandbox: 1,
        policy: '{}',
        status: statusOf(like),
        exception: 'none',
        status_reason: null,
        asked_amount: 100 + like.amount,
        amount: 100 + like.amount,
        currency: 'USD',
        received: 0,
        refunded: 0,
        disputed: 'none',
        ledger: JSON.stringify({
          accepted: 0,
          settled: false,
          progress: null,
          payments: [],
          refunds: [],
          disputes: [],
        }),
        item_type: type,
        item_id: id,
        description,
        expires_at: null,
        provider_ref: null,
        // An invoice without evidence has no object of the provider's.
        observation_id: like.amount % 2 === 0 ? observationId : null,
        event_count: 0,
        created_at: createdAt,
        updated_at: createdAt,
        version: 1,
      })
      .execute();
    await insertTerms(tx, { accountId, publicId, description });
    return { publicId, createdAt, userId, likeness: like };
  });

/** A filter, by the same numbers. Times are milliseconds after the first invoice. */
export interface Wanted {
  provider: boolean;
  user: number | null;
  status: number | null;
  item: number | null;
  minAmount: number | null;
  maxAmount: number | null;
  from: number | null;
  to: number | null;
  words: Likeness['words'];
}

export const wanted = (lastMs: number): fc.Arbitrary<Wanted> =>
  fc.record({
    provider: fc.boolean(),
    user: fc.option(fc.nat({ max: 2 }), { freq: 2 }),
    status: fc.option(fc.nat({ max: 3 }), { freq: 2 }),
    item: fc.option(fc.nat({ max: 3 }), { freq: 2 }),
    minAmount: fc.option(fc.nat({ max: 20 }), { freq: 2 }),
    maxAmount: fc.option(fc.nat({ max: 20 }), { freq: 2 }),
    from: fc.option(fc.nat({ max: lastMs }), { freq: 2 }),
    to: fc.option(fc.nat({ max: lastMs }), { freq: 2 }),
    words: fc.option(words, { freq: 2 }),
  });

const optional = <K extends string, T, V>(
  key: K,
  value: T | null | undefined,
  map: (value: T) => V,
) => (value === null || value === undefined ? {} : { [key]: map(value) });

export const filterOf = (
  want: Wanted,
  { userIds }: AccountUnderTest,
  startMs: number,
): InvoiceFilter => {
  const like = { user: 0, status: want.status ?? 0, item: want.item ?? 0, amount: 0, words: null };
  const iso = (ms: number): string => new Date(startMs + ms).toISOString();
  const text = spell(want.words ?? [], ', ');
  return {
    ...(want.provider && { provider: 'stripe' }),
    ...optional('userId', want.user, (user) => userIds[user]),
    ...optional('status', want.status, () => statusOf(like)),
    ...optional('item', want.item, () => itemOf(like)),
    ...optional('minAmount', want.minAmount, (amount) => 100 + amount),
    ...optional('maxAmount', want.maxAmount, (amount) => 100 + amount),
    ...optional('createdFrom', want.from, iso),
    ...optional('createdTo', want.to, iso),
    ...(text !== '' && { text }),
  };
};

/** What a list must hold, found by looking at each invoice. */
export const naively = (
  stored: readonly Stored[],
  want: Wanted,
  startMs: number,
): readonly string[] =>
  stored
    .filter(({ createdAt, likeness: like }) => {
      const has = new Set(like.words?.map(({ word }) => word));
      return (
        (want.user === null || like.user === want.user) &&
        (want.status === null || like.status === want.status) &&
        (want.item === null || like.item === want.item) &&
        (want.minAmount === null || like.amount >= want.minAmount) &&
        (want.maxAmount === null || like.amount <= want.maxAmount) &&
        (want.from === null || createdAt - startMs >= want.from) &&
        (want.to === null || createdAt - startMs < want.to) &&
        (want.words ?? []).every(({ word }) => has.has(word))
      );
    })
    .map(({ publicId }) => publicId)
    .toSorted()
    .toReversed();
