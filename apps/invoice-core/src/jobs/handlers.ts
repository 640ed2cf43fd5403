import type { Deps } from '../deps.ts';
import { deleteRemoved } from '../endpoints/delete-removed.ts';
import { deliverToEndpoint } from '../endpoints/deliver.ts';
import { carryOutAct } from '../invoices/carry-out-act.ts';
import { expireInvoice } from '../invoices/expire-invoice.ts';
import type { InvoiceRow } from '../invoices/invoice-rows.ts';
import { openInvoice } from '../invoices/open-invoice.ts';
import { pollInvoice } from '../invoices/poll-invoice.ts';
import { isOfThisWorld } from '../invoices/world.ts';
import { takeInWaiting } from '../invoices/take-in-invoice.ts';
import {
  ActJob,
  type CoreJobs,
  EndpointJob,
  headStartMs,
  InvoiceJob,
  TakeInJob,
} from './core-jobs.ts';
import type { JobHandlers } from './jobs.ts';

const readInvoiceRow = ({ store }: Deps, id: number): Promise<InvoiceRow> =>
  store.read.selectFrom('invoices').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

const hourMs = 3_600_000;

/** How long a run may take that calls a provider twice, each within the 60 s that a call between our parts has, in ms. */
const callingLeaseMs = 180_000;

/** A call that waits for its turn at one provider keeps no place from those at another. */
const waiting = { fromMs: 1000, max: 64 };

/** Who does each kind of background work. Each finds out from state whether there is still something to do. */
export const createHandlers = (deps: Deps): JobHandlers<CoreJobs> => {
  const later = () => ({ runAt: deps.clock() + headStartMs });
  const inAnHour = () => ({ runAt: deps.clock() + hourMs });
  return {
    open: {
      payload: InvoiceJob,
      run: async ({ payload: { invoiceId } }, lease) => {
        if (deps.openings.isUnderWay(invoiceId)) return later();
        const invoice = await readInvoiceRow(deps, invoiceId);
        if (invoice.provider_ref !== null || invoice.status === 'failed') return undefined;
        if (!isOfThisWorld(deps, invoice)) return inAnHour();
        await openInvoice(deps, { invoiceId, mayBeOpen: true, finish: lease.settle });
        return undefined;
      },
      waiting,
      leaseMs: callingLeaseMs,
    },
    expire: {
      payload: InvoiceJob,
      run: async ({ payload: { invoiceId } }, lease) => {
        await expireInvoice(deps, await readInvoiceRow(deps, invoiceId), lease.settle);
      },
    },
    poll: {
      payload: InvoiceJob,
      run: async ({ payload: { invoiceId } }) => {
        const invoice = await readInvoiceRow(deps, invoiceId);
        return isOfThisWorld(deps, invoice) ? pollInvoice(deps, invoice) : inAnHour();
      },
      waiting,
      leaseMs: callingLeaseMs,
    },
    take_in: {
      payload: TakeInJob,
      run: async ({ payload }, lease) => {
        const abilities = await deps.catalog.abilitiesOf(payload.provider);
        await deps.store.write(async (tx) => {
          const now = deps.clock();
          await takeInWaiting(deps, tx, { ...payload, abilities, now });
          await lease.settle(tx);
        });
      },
    },
    act: {
      payload: ActJob,
      run: async ({ payload: { actId } }, lease) => {
        if (deps.acts.isUnderWay(actId)) return later();
        const { invoice_id } = await deps.store.read
          .selectFrom('acts')
          .select('invoice_id')
          .where('id', '=', actId)
          .executeTakeFirstOrThrow();
        const invoice = await readInvoiceRow(deps, invoice_id);
        if (!isOfThisWorld(deps, invoice)) return inAnHour();
        await carryOutAct(deps, { actId, mayBeDone: true, finish: lease.settle });
        return undefined;
      },
      waiting,
      leaseMs: callingLeaseMs,
    },
    deliver: {
      payload: EndpointJob,
      run: ({ payload }, lease) => deliverToEndpoint(deps, payload, lease),
      concurrency: 64,
      waiting: { fromMs: 250, max: 2000 },
    },
    remove: {
      payload: EndpointJob,
      run: ({ payload }, lease) => deleteRemoved(deps, payload, lease),
    },
  };
};
