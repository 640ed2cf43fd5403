import type { openSqliteStore } from '@quittance/invoice-core/app';
import { listInvoices } from '@quittance/invoice-core/list-invoices';
import { quantile } from '../statistics.ts';
import { type ListCase, listCases } from './list-cases.ts';
import { createRandom } from './random.ts';
import { accountId, idAt, userIds } from './seed-invoices.ts';

type Store = Awaited<ReturnType<typeof openSqliteStore>>;

/** Milliseconds. */
export interface Latency {
  p50: number;
  p99: number;
  /** Invoices on a page, on average. */
  found: number;
}

export interface ListFigures extends ListCase {
  page: 'first' | 'deep';
  small: Latency;
  large: Latency;
}

const limit = 50;
const caller = { accountId, userId: userIds[0] };

/** Deep pages begin anywhere in the middle: other rows each time, and enough behind them among few invoices too. */
const startOf = (page: ListFigures['page'], random: () => number): string | null =>
  page === 'first' ? null : idAt(0.4 + random() * 0.3);

interface Sample {
  ms: number;
  found: number;
}

const listOnce = async (
  store: Store,
  { filter }: ListCase,
  after: string | null,
): Promise<Sample> => {
  const startedAt = performance.now();
  const { invoices } = await listInvoices({ store }, { caller, filter, after, limit });
  return { ms: performance.now() - startedAt, found: invoices.length };
};

const latencyOf = (samples: readonly Sample[]): Latency => {
  const times = samples.map(({ ms }) => ms);
  return {
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    found: samples.reduce((sum, { found }) => sum + found, 0) / samples.length,
  };
};

/** Lists of the two databases in turn, so that what else the machine does falls on both. */
export const measureLists = async (
  stores: { small: Store; large: Store },
  { rounds, warmUp, maxMs }: { rounds: number; warmUp: number; maxMs: number },
): Promise<ListFigures[]> => {
  const figures: ListFigures[] = [];
  for (const listCase of listCases) {
    for (const page of ['first', 'deep'] as const) {
      const random = createRandom(2);
      const small: Sample[] = [];
      const large: Sample[] = [];
      const startedAt = performance.now();
      for (let round = -warmUp; round < rounds; round += 1) {
        const after = startOf(page, random);
        const found = [
          await listOnce(stores.small, listCase, after),
          await listOnce(stores.large, listCase, after),
        ] as const;
        if (round < 0) continue;
        small.push(found[0]);
        large.push(found[1]);
        if (performance.now() - startedAt > maxMs) break;
      }
      figures.push({ ...listCase, page, small: latencyOf(small), large: latencyOf(large) });
    }
  }
  return figures;
};
