import { ForeignInvoice, noItem, type ProviderName } from '@quittance/contracts';
import { parseJson } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import type { Transaction } from '../store/store.ts';
import { insertInvoice } from './insert-invoice.ts';
import { learnRef, type ProviderRef } from './observations.ts';
import { nextPollAt } from './poll-times.ts';
import type { Ability } from './provider-catalog.ts';
import { restate } from './restate.ts';

/** What each flow of a provider can do: asked for before a transaction, which must not wait for others. */
export type Abilities = ReadonlyMap<string, Ability>;

const newestForeign = async (
  tx: Transaction,
  { provider, ref }: ProviderRef,
): Promise<{ id: number; foreign: ForeignInvoice } | undefined> => {
  const newest = await tx
    .selectFrom('observations')
    .select(['id', 'foreign_invoice'])
    .where('provider', '=', provider)
    .where('ref', '=', ref)
    .where('invoice_id', 'is', null)
    .where('foreign_invoice', 'is not', null)
    .orderBy('occurred_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!newest) return undefined;
  const foreign = ForeignInvoice.parse(parseJson(newest.foreign_invoice ?? 'null'));
  return { id: newest.id, foreign };
};

const ownerOf = async (
  tx: Transaction,
  provider: ProviderName,
  { customerRef }: ForeignInvoice,
): Promise<{ accountId: number; userId: number } | undefined> => {
  const customer = await tx
    .selectFrom('customers')
    .select('user_id')
    .where('provider', '=', provider)
    .where('ref', '=', customerRef)
    .executeTakeFirst();
  if (!customer) return undefined;
  const { id, account_id } = await tx
    .selectFrom('users')
    .select(['id', 'account_id'])
    .where('id', '=', customer.user_id)
    .executeTakeFirstOrThrow();
  return { accountId: account_id, userId: id };
};

/** Makes an invoice of ours of one that somebody made at the provider, when the customer is one of our users. */
export const takeInInvoice = async (
  deps: Pick<Deps, 'jobs' | 'sandbox'>,
  tx: Transaction,
  { provider, ref, abilities, now }: ProviderRef & { abilities: Abilities; now: number },
): Promise<void> => {
  const newest = await newestForeign(tx, { provider, ref });
  if (!newest) return;
  const { foreign, id: observationId } = newest;
  const ability = abilities.get(foreign.flow);
  const owner = await ownerOf(tx, provider, foreign);
  if (!ability || !owner) return;
  const { money, description } = foreign;
  const invoiceId = await insertInvoice(deps, tx, {
    owner,
    flow: { provider, flow: foreign.flow },
    options: null,
    money,
    item: noItem,
    description,
    payload: null,
    projectId: null,
    settledBy: ability.settledBy,
    openTriedAt: null,
    expiresAt: null,
    sandbox: deps.sandbox,
    rule: 'it was made at the provider',
    now,
  });
  await learnRef(tx, { provider, ref, invoiceId, now });
  await restate(deps, tx, { invoiceId, cause: { observationId }, opening: ref, now });
  await deps.jobs.schedule(tx, {
    kind: 'poll',
    key: String(invoiceId),
    payload: { invoiceId },
    runAt: nextPollAt(ability, { since: now, now }),
  });
};

/** How many are taken in at once: others wait for the same store meanwhile. */
const maxAtOnce = 100;

/** Takes in what was made for a customer before they were known as a user of ours, the oldest first. */
export const takeInWaiting = async (
  deps: Pick<Deps, 'jobs' | 'sandbox'>,
  tx: Transaction,
  {
    provider,
    customerRef,
    abilities,
    now,
  }: { provider: ProviderName; customerRef: string; abilities: Abilities; now: number },
): Promise<void> => {
  const waiting = await tx
    .selectFrom('observations')
    .select('ref')
    .where('provider', '=', provider)
    .where('customer_ref', '=', customerRef)
    .where('invoice_id', 'is', null)
    .groupBy('ref')
    .orderBy((eb) => eb.fn.min('occurred_at'))
    .limit(maxAtOnce)
    .execute();
  for (const { ref } of waiting) {
    if (ref !== null) await takeInInvoice(deps, tx, { provider, ref, abilities, now });
  }
  if (waiting.length < maxAtOnce) return;
  await deps.jobs.schedule(tx, {
    kind: 'take_in',
    key: `${provider}:${customerRef}`,
    payload: { provider, customerRef },
    runAt: now,
  });
};
