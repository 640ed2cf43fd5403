import { randomUUID } from 'node:crypto';
import type { InvoiceStatus, ListFlow } from '@quittance/contracts';
import fc from 'fast-check';
import type { Store } from '../store/store.ts';
import {
  flow,
  insertMade,
  type Made,
  made,
  type MadeInvoice,
} from './list-everywhere-under-test.ts';
import type { AccountUnderTest } from './list-under-test.ts';

const projects = 2;
const project = fc.option(fc.nat({ max: projects - 1 }), { freq: 3 });

export type InProject = Made & {
  /** Which of its account's projects it is for. */
  project: number | null;
};

export const madeInProject = (lastMs: number): fc.Arbitrary<InProject> =>
  fc.tuple(made(lastMs), project).map(([one, number]) => ({ ...one, project: number }));

export interface StoredInProject extends MadeInvoice {
  project: number | null;
}

export interface FlowWanted {
  account: number;
  project: number | null;
  statuses: InvoiceStatus[] | null;
  from: number | null;
  to: number | null;
}

export interface Shop {
  id: number;
  publicId: string;
}

/** Projects of each account. */
export const insertShops = (
  store: Store,
  owners: readonly AccountUnderTest[],
  createdAt: number,
): Promise<Shop[][]> =>
  store.write(async (tx) => {
    const shops: Shop[][] = [];
    for (const { accountId } of owners) {
      const rows = Array.from({ length: projects }, () => ({
        public_id: randomUUID(),
        account_id: accountId,
        name: 'Shop',
        created_at: createdAt,
        updated_at: createdAt,
      }));
      shops.push(
        await tx
          .insertInto('projects')
          .values(rows)
          .returning(['id', 'public_id as publicId'])
          .execute(),
      );
    }
    return shops;
  });

export const aliasOf = (publicId: string): string => `alias_${publicId}`;

/** An invoice in its project, with a further id at its provider. */
export const insertInProject = async (
  store: Store,
  owners: readonly AccountUnderTest[],
  { one, shops, startMs }: { one: InProject; shops: Shop[][]; startMs: number },
): Promise<StoredInProject> => {
  const stored = await insertMade(store, owners, { one, startMs });
  const { publicId } = stored;
  const shop = one.project === null ? undefined : shops[one.account]?.[one.project];
  await store.write(async (tx) => {
    const { id } = await tx
      .updateTable('invoices')
      .set({ provider: 'stripe', project_id: shop?.id ?? null })
      .where('public_id', '=', publicId)
      .returning('id')
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('invoice_refs')
      .values({ provider: 'stripe', ref: aliasOf(publicId), invoice_id: id })
      .execute();
  });
  return { ...stored, project: one.project };
};

/** The request for what is wanted, as a user of the account makes it. */
export const requestOf = (
  owners: readonly AccountUnderTest[],
  { want, shops, startMs }: { want: FlowWanted; shops: Shop[][]; startMs: number },
): Omit<ListFlow, 'offset' | 'limit'> => {
  const { account, project: number, statuses, from, to } = want;
  const iso = (ms: number): string => new Date(startMs + ms).toISOString();
  const shop = number === null ? undefined : shops[account]?.[number];
  const { accountId = 0, userIds = [] } = owners[account] ?? {};
  return {
    caller: { accountId, userId: userIds[0] ?? 0 },
    flow,
    filter: {
      ...(statuses && { statuses }),
      ...(shop && { projectId: shop.publicId }),
      ...(from !== null && { createdFrom: iso(from) }),
      ...(to !== null && { createdTo: iso(to) }),
    },
  };
};

/** What a list must hold, found by looking at each invoice. */
export const naivelyInFlow = (stored: readonly StoredInProject[], want: FlowWanted): string[] =>
  stored
    .filter(
      (one) =>
        one.flow === flow &&
        one.opened &&
        one.account === want.account &&
        (want.project === null || one.project === want.project) &&
        (want.statuses === null || want.statuses.includes(one.status)) &&
        (want.from === null || one.ms >= want.from) &&
        (want.to === null || one.ms < want.to),
    )
    .map(({ publicId }) => publicId)
    .toSorted()
    .toReversed();
