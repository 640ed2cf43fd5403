import {
  type Fact,
  type Observation,
  type ProgressState,
  ProviderName,
} from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import type { RunAgain } from '../jobs/jobs.ts';
import { type History, newestObject, readHistory } from './history.ts';
import { type KeptHint, keptHints } from './hints.ts';
import { type InvoiceRow, readProviderData, standingOfRow } from './invoice-rows.ts';
import { storeObservation } from './observations.ts';
import { nextPollAt } from './poll-times.ts';
import { type Ability, isEndedByUsAlone, providerNamed } from './provider-catalog.ts';
import { restate } from './restate.ts';
import type { Transaction } from '../store/store.ts';

const isProgress = (facts: readonly Fact[], states: readonly ProgressState[]): boolean =>
  facts.some((fact) => fact.kind === 'progress' && states.includes(fact.state));

/**
 * When a provider was done with it, UTC ms; undefined while it is not. One that neither ends invoices nor can be asked to is
 * done with those that we have ended.
 */
const endedAt = ({ evidence, closings }: History, ability: Ability): number | undefined => {
  const ended = evidence.filter(({ facts }) => isProgress(facts, ['expired', 'canceled']));
  const times = [
    ...ended.map(({ occurredAt }) => occurredAt),
    ...(isEndedByUsAlone(ability) ? closings.map(({ at }) => at) : []),
  ];
  return times.length === 0 ? undefined : Math.min(...times);
};

/** Whether the provider may still take money for it, whatever we ourselves have made of it. */
const mayStillBePaid = (
  invoice: InvoiceRow,
  history: History,
  { ability, now }: { ability: Ability; now: number },
): boolean => {
  if (standingOfRow(invoice).settled) return false;
  if (history.evidence.some(({ facts }) => isProgress(facts, ['settled', 'refused']))) return false;
  const end = endedAt(history, ability);
  return end === undefined || now < end + ability.watchMs;
};

/** Whether it was paid by payments that are not known yet: refunds and disputes are told of under their ids. */
const lacksPayments = (invoice: InvoiceRow, { evidence }: History): boolean =>
  evidence.some(({ facts }) => facts.some(({ kind }) => kind === 'received')) &&
  standingOfRow(invoice).payments.some(({ ref }) => ref === invoice.provider_ref);

/**
 * What a provider says again of its object, word for word, is no news and is not kept; unless other evidence has said
 * something else since.
 */
const isNews = (invoice: InvoiceRow, history: History, { facts }: Observation): boolean => {
  const said = facts.find((fact) => fact.kind === 'progress');
  return (
    JSON.stringify(newestObject(history)?.facts) !== JSON.stringify(facts) ||
    (said !== undefined && said.state !== standingOfRow(invoice).progress)
  );
};

const byOccurrence = (a: Observation, b: Observation): number =>
  Date.parse(a.occurredAt) - Date.parse(b.occurredAt);

/** Since when the provider says that money is on its way, UTC ms; null where it does not. */
const processingSince = (history: History): number | null => {
  const newest = newestObject(history);
  return newest && isProgress(newest.facts, ['processing']) ? newest.occurredAt : null;
};

interface Look {
  invoice: InvoiceRow;
  history: History;
  provider: ProviderName;
  ref: string;
  /** The webhooks about it that prove nothing, newest first; null where they are signed. */
  hints: readonly KeptHint[] | null;
  isUrgent: boolean;
  /** Before those were read, UTC ms. */
  lookedAt: number;
}

/** Whether a webhook has come since the provider was last asked. A time ahead is from before the clock was set back. */
const isHinted = (
  { looked_at }: InvoiceRow,
  hints: readonly KeptHint[] | null,
  now: number,
): boolean => {
  const since = looked_at === null || looked_at > now ? -Infinity : looked_at;
  return hints?.some(({ receivedAt }) => receivedAt >= since) ?? false;
};

/** Notes when the provider was asked, which says whether webhooks are newer than that. */
const noteLook = async (
  tx: Transaction,
  { invoice: { id }, hints, lookedAt }: Look,
): Promise<void> => {
  if (hints === null) return;
  await tx.updateTable('invoices').set({ looked_at: lookedAt }).where('id', '=', id).execute();
};

/** Asks the provider, and stores what is new, which may be several things at once. */
const look = async (deps: Deps, its: Look): Promise<void> => {
  const { invoice, history, provider, ref, hints, isUrgent } = its;
  const { observations } = await providerNamed(deps.providers, provider).find({
    by: 'ref',
    ref,
    object: await readProviderData(deps.store.read, newestObject(history)?.id ?? null),
    hints: (hints ?? []).map(({ body }) => body),
    isUrgent,
  });
  const news = observations.filter((observation) => isNews(invoice, history, observation));
  if (news.length === 0 && hints === null) return;
  await deps.store.write(async (tx) => {
    const now = deps.clock();
    const invoiceId = invoice.id;
    await noteLook(tx, its);
    for (const observation of news.toSorted(byOccurrence)) {
      const recorded = { provider, observation, source: 'find', invoiceId, now } as const;
      const observationId = await storeObservation(tx, recorded);
      if (observationId === undefined) continue;
      await restate(deps, tx, { invoiceId, cause: { observationId }, now });
    }
  });
};

/**
 * Asks the provider how an open invoice stands; once more when it was paid by payments that nobody has told of; and
 * whenever a webhook gives reason to.
 * @returns when to ask again, while it may still be paid
 */
export const pollInvoice = async (
  deps: Deps,
  invoice: InvoiceRow,
): Promise<RunAgain | undefined> => {
  const { read } = deps.store;
  const ref = invoice.provider_ref;
  if (ref === null) return undefined;
  const ability = await deps.catalog.abilityFor(invoice);
  const history = await readHistory(read, invoice);
  const lookedAt = deps.clock();
  const isOpen = mayStillBePaid(invoice, history, { ability, now: lookedAt });
  const kept = await keptHints(read, invoice.id);
  const hints = ability.webhookAuthenticated && kept.length === 0 ? null : kept;
  const isUrgent = isHinted(invoice, hints, lookedAt);
  if (!isOpen && !isUrgent && !lacksPayments(invoice, history)) return undefined;

  const provider = ProviderName.parse(invoice.provider);
  await look(deps, { invoice, history, provider, ref, hints, isUrgent, lookedAt });
  const now = deps.clock();
  const after = await read
    .selectFrom('invoices')
    .selectAll()
    .where('id', '=', invoice.id)
    .executeTakeFirstOrThrow();
  const known = await readHistory(read, after);
  if (!mayStillBePaid(after, known, { ability, now })) return undefined;
  const ours = isEndedByUsAlone(ability) ? endedAt(known, ability) : undefined;
  const times = {
    since: ours ?? invoice.created_at,
    processingSince: processingSince(known),
    now,
  };
  return { runAt: nextPollAt(ability, times) };
};
