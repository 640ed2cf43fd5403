import type { Flow, InvoiceStatus, ProviderName } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import type { Transaction } from '../store/store.ts';
import { compareText } from './compare-text.ts';
import { keepHint } from './hints.ts';
import { padded } from './list-padded.ts';
import { pollSoon } from './poll-soon.ts';

/** How many invoices one webhook has asked about at most, the newest; the others are asked about in their turn. */
const maxAtOnce = 1000;

/** How far apart the questions are, in ms, so that the provider is not asked everything at once. */
const apartMs = 50;

interface FlowHint {
  provider: ProviderName;
  flow: Flow;
  /** In our own numbers; null where it may speak of all. */
  projectId: number | null;
  /** The webhook's body, as it came. */
  body: string;
  now: number;
}

const newest = async (
  { sandbox }: Pick<Deps, 'sandbox'>,
  tx: Transaction,
  { flow, projectId }: FlowHint,
  statuses: readonly InvoiceStatus[],
): Promise<number[]> => {
  const ofFlow = tx
    .selectFrom('invoices')
    .select(['id', 'public_id'])
    .where('flow', '=', flow)
    .where('provider_ref', 'is not', null)
    .where('sandbox', '=', Number(sandbox));
  const mine = projectId === null ? ofFlow : ofFlow.where('project_id', '=', projectId);
  const rows: { id: number; public_id: string }[] = [];
  // One by one, since each is then one walk of an index.
  for (const status of statuses) {
    const ofStatus = mine.where('status', '=', status);
    rows.push(...(await ofStatus.orderBy('public_id', 'desc').limit(maxAtOnce).execute()));
  }
  return rows
    .toSorted((a, b) => compareText(b.public_id, a.public_id))
    .slice(0, maxAtOnce)
    .map(({ id }) => id);
};

/** Those of some ended invoices that can still be paid: they are asked about anyway, some time. */
const stillWatched = async (tx: Transaction, ids: readonly number[]): Promise<number[]> => {
  if (ids.length === 0) return [];
  const jobs = await tx
    .selectFrom('jobs')
    .select('key')
    .where('kind', '=', 'poll')
    .where('key', 'in', padded(ids.map(String)))
    .execute();
  const watched = new Set(jobs.map(({ key }) => key));
  return ids.filter((id) => watched.has(String(id)));
};

/** Keeps a webhook that says neither what it is about nor that it is true, and has all asked about that it may mean. */
export const takeFlowHint = async (
  deps: Pick<Deps, 'jobs' | 'sandbox'>,
  tx: Transaction,
  hint: FlowHint,
): Promise<void> => {
  const { provider, flow, body, now } = hint;
  const open = await newest(deps, tx, hint, ['pending', 'processing', 'partially_paid']);
  const ended = await newest(deps, tx, hint, ['expired', 'canceled']);
  const meant = [...open, ...(await stillWatched(tx, ended))].slice(0, maxAtOnce);
  if (meant.length === 0) return;
  await keepHint(tx, { provider, about: flow, ref: null, invoiceId: null, body, now });
  for (const [index, invoiceId] of meant.entries()) {
    await pollSoon(deps, tx, { invoiceId, runAt: now + index * apartMs });
  }
};
