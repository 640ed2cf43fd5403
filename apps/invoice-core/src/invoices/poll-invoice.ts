import { type Fact, type Observation, ProviderName } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import type { RunAgain } from '../jobs/jobs.ts';
import { type History, newestObject, readHistory } from './history.ts';
import { type InvoiceRow, standingOfRow } from './invoice-rows.ts';
import { storeObservation } from './observations.ts';
import type { Ability } from './provider-catalog.ts';
import { restate } from './restate.ts';

/** How often to ask a provider whose webhooks can be relied on, and one whose cannot, in ms. */
const paceMs = { authenticated: 15 * 60_000, hints: 60_000 };

/** As an invoice grows old, the time between two questions grows with it. */
const ageShare = 1 / 8;

/** When to ask next. All times UTC ms. */
export const nextPollAt = (
  { webhookAuthenticated }: Pick<Ability, 'webhookAuthenticated'>,
  { createdAt, now }: { createdAt: number; now: number },
): number => {
  const pace = webhookAuthenticated ? paceMs.authenticated : paceMs.hints;
  return now + Math.max(pace, Math.round((now - createdAt) * ageShare));
};

const isEnd = (fact: Fact): boolean =>
  fact.kind === 'progress' && ['settled', 'expired', 'canceled', 'refused'].includes(fact.state);

/** Whether the provider may still take money for it, whatever we ourselves have made of it. */
const mayStillBePaid = (invoice: InvoiceRow, { evidence }: History): boolean =>
  !standingOfRow(invoice).settled && !evidence.some(({ facts }) => facts.some(isEnd));

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

/**
 * Asks the provider how an open invoice stands, and once more when it was paid by payments that nobody has told of.
 * @returns when to ask again, while it may still be paid
 */
export const pollInvoice = async (
  deps: Deps,
  invoice: InvoiceRow,
): Promise<RunAgain | undefined> => {
  const history = await readHistory(deps.store.read, invoice);
  const isOpen = mayStillBePaid(invoice, history);
  if (invoice.provider_ref === null || !(isOpen || lacksPayments(invoice, history))) {
    return undefined;
  }
  const provider = ProviderName.parse(invoice.provider);
  const { observations } = await deps.providers[provider].find({
    by: 'ref',
    ref: invoice.provider_ref,
  });
  const [observation] = observations;
  if (observation && isNews(invoice, history, observation)) {
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
      await restate(deps, tx, { invoiceId: invoice.id, cause: { observationId }, now });
    });
  }
  if (!isOpen) return undefined;
  const ability = await deps.catalog.abilityFor(invoice);
  return { runAt: nextPollAt(ability, { createdAt: invoice.created_at, now: deps.clock() }) };
};
