import type { FindInput, FindResult, OpenInput } from '@quittance/contracts';
import type { ListedInvoice } from '@quittance/contracts/bitsby';
import type { BitsbyDeps } from './deps.ts';
import { unavailable } from './errors.ts';
import { invoiceWhere, listInvoice, listPage, listPayments } from './lists.ts';
import { lookNow } from './look.ts';
import { seenObservation } from './mapping.ts';
import { createPageOrder } from './page-order.ts';
import { type Patience, patienceOf } from './patience.ts';
import { readServiceData } from './service-data.ts';
import { dayOf } from './times.ts';

type ByRef = Extract<FindInput, { by: 'ref' }>;

type Known = Pick<ByRef, 'object' | 'hints'> & { patience: Patience };

const nothing: FindResult = { observations: [], customerRef: null };

/** How much earlier by its own clock than by ours Bitsby may say that something was made, in ms. */
const clockSkewMs = 300_000;

/** How many pages are looked through for one invoice. */
const maxPages = 30;

/** What the lists say of an invoice: its payments are another request, made only where there are some. */
const look = async (
  { bitsby, config, clock }: BitsbyDeps,
  invoice: ListedInvoice,
  { object, hints, patience }: Known,
): Promise<FindResult> => {
  const payments =
    invoice.status === 'paid' ? await listPayments(bitsby, invoice.id, patience) : [];
  const seen = { invoice, payments, object, hints };
  const observation = seenObservation(seen, {
    look: lookNow(clock),
    apiUrl: config.BITSBY_API_URL,
  });
  return { observations: [observation], customerRef: null };
};

export const findByRef = async (
  deps: BitsbyDeps,
  { ref, ...known }: Pick<ByRef, 'ref'> & Known,
): Promise<FindResult> => {
  const invoice = await listInvoice(deps.bitsby, ref, known.patience);
  return invoice ? look(deps, invoice, known) : nothing;
};

/**
 * A poll that nothing gives reason for has two turns' time, and one that a webhook gives reason for half the patience of
 * a create, so that polls never hold up what somebody waits for.
 */
export const poll = (
  deps: BitsbyDeps,
  { ref, object, hints, isUrgent }: ByRef,
): Promise<FindResult> => {
  const { BITSBY_PACE_MS, BITSBY_PATIENCE_MS } = deps.config;
  const most = Math.floor(BITSBY_PATIENCE_MS / 2);
  const turnMs = isUrgent ? most : Math.min(most, 2 * BITSBY_PACE_MS);
  return findByRef(deps, { ref, object, hints, patience: patienceOf(deps, turnMs) });
};

/**
 * The invoice that `open` made, by the key in its service data. Whatever was made since then may be it, however late
 * the try that made it was. New invoices push others to later pages, so none is missed by paging on.
 * @throws DomainError `unavailable` when there are too many to look through
 */
export const findOpened = async (
  deps: BitsbyDeps,
  { key, createdAt, projectRef }: OpenInput,
): Promise<FindResult> => {
  if (projectRef === null) return nothing;
  const patience = patienceOf(deps, deps.config.BITSBY_PATIENCE_MS);
  const since = Date.parse(createdAt) - clockSkewMs;
  const order = createPageOrder();

  let offset = 0;
  for (let page = 0; page < maxPages; page += 1) {
    const place = { projectId: projectRef, startDate: dayOf(since), offset };
    const items = await listPage(deps.bitsby, place, patience);
    if (items.length === 0) return nothing;
    const invoice = invoiceWhere(items, (text) => readServiceData(text)?.key === key);
    if (invoice) return look(deps, invoice, { object: null, hints: [], patience });
    if (order.isPast(items, since)) return nothing;
    offset += items.length;
  }
  throw unavailable('There are too many invoices at Bitsby to look through now');
};
