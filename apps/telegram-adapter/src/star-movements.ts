import type { StarTransaction } from '@quittance/contracts/telegram';
import { pageSize, type StarHistory, type StarPage } from './star-history.ts';

/** How far the history has been read for an invoice, and what it had. */
interface Followed {
  next: number;
  movements: StarPage;
}

/** Invoices whose place in the history is kept, so that each look begins where the one before ended. */
const keptInvoices = 10_000;

/** What is for the invoice, or gives back what was. */
const isOf = (ref: string, { id, source }: StarTransaction, before: StarPage): boolean =>
  source?.invoice_payload === ref || before.some((paid) => paid.id === id);

const withPage = (ref: string, { movements }: Followed, page: StarPage): StarPage => {
  const all = [...movements];
  for (const transaction of page) if (isOf(ref, transaction, all)) all.push(transaction);
  return all;
};

export type StarMovementsOf = (ref: string, since: number) => Promise<StarPage>;

/**
 * What came in for an invoice that was made at `since`, in Unix seconds, and what of that went back, oldest first. A look
 * that its time does not suffice for has not been for nothing: the next one goes on from there.
 */
export const createStarMovements = (history: StarHistory): StarMovementsOf => {
  const followed = new Map<string, Followed>();

  const keep = (ref: string, place: Followed): Followed => {
    followed.delete(ref);
    followed.set(ref, place);
    const [oldest] = followed.keys();
    if (followed.size > keptInvoices && oldest !== undefined) followed.delete(oldest);
    return place;
  };

  return async (ref, since) => {
    let place = followed.get(ref) ?? { next: await history.pageOf(since), movements: [] };
    for (;;) {
      const page = await history.page(place.next);
      const movements = withPage(ref, place, page);
      if (page.length < pageSize) return movements;
      place = keep(ref, { next: place.next + 1, movements });
    }
  };
};
