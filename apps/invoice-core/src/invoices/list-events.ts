import type { AccountEvent, EventFeed, InvoiceEvent, InvoiceOfCaller } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import { toAccountEvent, toEvent } from './event-rows.ts';
import { readRowOfAccount } from './invoice-rows.ts';

export const listEvents = async (
  { store }: Pick<Deps, 'store'>,
  { caller, id }: InvoiceOfCaller,
): Promise<InvoiceEvent[]> => {
  const invoice = await readRowOfAccount(store.read, { id, accountId: caller.accountId });
  const rows = await store.read
    .selectFrom('events')
    .selectAll()
    .where('invoice_id', '=', invoice.id)
    .orderBy('seq')
    .execute();
  return rows.map(toEvent);
};

/**
 * The account's events after a position. Positions are given out in the order of commits, so a reader that goes on
 * from the last one it saw can neither skip nor repeat.
 */
export const feedEvents = async (
  { store }: Pick<Deps, 'store'>,
  { caller, after, limit }: EventFeed,
): Promise<AccountEvent[]> => {
  const rows = await store.read
    .selectFrom('events')
    .selectAll()
    .where('account_id', '=', caller.accountId)
    .where('position', '>', after)
    .orderBy('position')
    .limit(limit)
    .execute();
  return rows.map(toAccountEvent);
};
