import { join } from 'node:path';
import { openSqliteStore } from '@quittance/invoice-core/app';
import { table } from '../table.ts';
import { type ListFigures, measureLists } from './measure-lists.ts';
import { seedInvoices } from './seed-invoices.ts';

/** How much slower a page of the large database may be. */
const maxRatio = 1.5;

const full = { small: 10_000, large: 1_000_000, rounds: 300, warmUp: 30, maxMs: 3000 };
const quickly = { small: 10_000, large: 30_000, rounds: 20, warmUp: 5, maxMs: 500 };

const seed = async (file: string, invoices: number): Promise<void> => {
  // Opened once to be migrated, and again after: the seed goes past the store.
  await (await openSqliteStore(file)).close();
  seedInvoices(file, invoices);
};

const ratioOf = ({ small, large }: ListFigures): number => large.p50 / small.p50;
const isTooSlow = (figures: ListFigures): boolean => figures.judged && ratioOf(figures) > maxRatio;

const render = (figures: readonly ListFigures[]): string =>
  table(
    ['filter', 'page', 'found', 'p50 ms', 'p99 ms', 'found', 'p50 ms', 'p99 ms', 'p50 ratio'],
    figures.map((one) => [
      one.name,
      one.page,
      ...[one.small, one.large].flatMap(({ found, p50, p99 }) => [
        found.toFixed(0),
        p50.toFixed(2),
        p99.toFixed(2),
      ]),
      `${ratioOf(one).toFixed(2)}x${isTooSlow(one) ? ' **too slow**' : ''}`,
    ]),
  );

/**
 * Prints how long a page of invoices takes among few and among many.
 * @returns the exit code: 1 when a judged filter is more than 1.5 times as slow among many
 */
export const benchLists = async (
  folder: string,
  { quick, progress }: { quick: boolean; progress: (line: string) => void },
): Promise<number> => {
  const effort = quick ? quickly : full;
  const files = { small: join(folder, 'small.db'), large: join(folder, 'large.db') };
  for (const size of ['small', 'large'] as const) {
    progress(`seeding ${effort[size]} invoices`);
    await seed(files[size], effort[size]);
  }
  progress('listing');
  const [small, large] = [await openSqliteStore(files.small), await openSqliteStore(files.large)];
  const figures = await measureLists({ small, large }, effort);
  await Promise.all([small.close(), large.close()]);
  console.log(
    `Pages of 50: ${effort.small} invoices in the first three columns, ${effort.large} in the next.\n`,
  );
  console.log(render(figures));
  return figures.some(isTooSlow) ? 1 : 0;
};
