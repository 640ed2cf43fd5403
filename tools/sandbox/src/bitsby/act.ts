import type { Clock } from '@quittance/runtime';
import type { Store } from '../state/store.ts';
import { chargeDays } from './billing/days.ts';
import type { Work } from './call.ts';
import type { BitsbyState, Invoice, Payment } from './state.ts';

/** Does a work in one transaction, with all that has come due before it. */
export type Act = <R>(work: (work: Work) => R) => R;

export const createAct =
  ({
    store,
    state,
    clock,
    announcePaid,
    afterwards,
  }: {
    store: Store;
    state: BitsbyState;
    clock: Clock;
    announcePaid: (invoice: Invoice, payment: Payment) => void;
    /** Starts what the work has to tell the world. */
    afterwards: () => void;
  }): Act =>
  (perform) => {
    const result = store.transaction(() => {
      const work = { state, now: clock(), announcePaid };
      chargeDays(work);
      return perform(work);
    });
    afterwards();
    return result;
  };
