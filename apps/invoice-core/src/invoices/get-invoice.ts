import type { GetInvoice, Invoice } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { newestObject, readHistory } from './history.ts';
import { readBeside, readRowOfAccount, termsOfRow, toInvoice } from './invoice-rows.ts';
import { standingOf } from './standing.ts';

/** An invoice as it is; or as it stood at a time, from what was known by then. */
export const getInvoice = async (
  { store }: Pick<Deps, 'store'>,
  { caller, id, at }: GetInvoice,
): Promise<Invoice> => {
  const row = await readRowOfAccount(store.read, { id, accountId: caller.accountId });
  if (at === null) return toInvoice(row, await readBeside(store.read, row, row.observation_id));

  const time = Date.parse(at);
  if (time < row.created_at) {
    throw new DomainError('not_found', `There was no invoice ${id} at ${at}`, { param: 'at' });
  }
  const history = await readHistory(store.read, row, time);
  const { evidence, closings } = history;
  const standing = standingOf(termsOfRow(row), evidence, closings);
  const shown = newestObject(history);
  const last = await store.read
    .selectFrom('events')
    .select('occurred_at')
    .where('invoice_id', '=', row.id)
    .where('occurred_at', '<=', time)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return toInvoice(
    {
      ...row,
      provider_ref: shown ? row.provider_ref : null,
      updated_at: time >= row.updated_at ? row.updated_at : (last?.occurred_at ?? row.created_at),
    },
    await readBeside(store.read, row, shown?.id ?? null),
    standing,
  );
};
