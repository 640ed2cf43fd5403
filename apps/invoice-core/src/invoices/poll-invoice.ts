import { type Observation, ProviderName } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import type { RunAgain } from '../jobs/jobs.ts';
import { readHistory } from './history.ts';
import type { InvoiceRow } from './invoice-rows.ts';
import { storeObservation } from './observations.ts';
import type { Ability } from './provider-catalog.ts';
import { restate } from './restate.ts';
import { byTime } from './standing.ts';

/** How often to ask a provider whose webhooks can be relied on, and one whose cannot, in ms. */
const paceMs = { authenticated: 15 * 60_000, hints: 60_000 };

const waiting = new Set(['pending', 'processing', 'partially_paid']);

export const isWaiting = ({ status }: Pick<InvoiceRow, 'status'>): boolean => waiting.has(status);

/** When to ask next, UTC ms. */
export const nextPollAt = (
  { webhookAuthenticated }: Pick<Ability, 'webhookAuthenticated'>,
  now: number,
): number => now + (webhookAuthenticated ? paceMs.authenticated : paceMs.hints);

/** What a provider says again, word for word, is no news and is not kept. */
const isNews = async (
  { store }: Pick<Deps, 'store'>,
  invoice: InvoiceRow,
  observation: Observation,
): Promise<boolean> => {
  const { evidence } = await readHistory(store.read, invoice);
  const newest = evidence.toSorted(byTime).at(-1);
  return JSON.stringify(newest?.facts) !== JSON.stringify(observation.facts);
};

/** Asks the provider how an open invoice stands. @returns when to ask again, if it is still open */
export const pollInvoice = async (
  deps: Deps,
  invoice: InvoiceRow,
): Promise<RunAgain | undefined> => {
  if (!isWaiting(invoice) || invoice.provider_ref === null) return undefined;
  const provider = ProviderName.parse(invoice.provider);
  const { observations } = await deps.providers[provider].find({
    by: 'ref',
    ref: invoice.provider_ref,
  });
  const [observation] = observations;
  if (observation && (await isNews(deps, invoice, observation))) {
    await deps.store.write(async (tx) => {
      const now = deps.clock();
      const recorded = {
        provider,
        observation,
        source: 'find',
        invoiceId: invoice.id,
        now,
      } as const;
      const observationId = await storeObservation(tx, recorded);
      await restate(tx, { invoiceId: invoice.id, cause: { observationId }, now });
    });
  }
  return { runAt: nextPollAt(await deps.catalog.abilityFor(invoice), deps.clock()) };
};
