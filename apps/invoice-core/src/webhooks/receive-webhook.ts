import type { Observation, ReceiveWebhook, WebhookReply } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import { storeObservation } from '../invoices/observations.ts';
import { restate } from '../invoices/restate.ts';
import type { Transaction } from '../store/store.ts';

const invoiceWith = async (
  tx: Transaction,
  provider: string,
  { ref }: Observation,
): Promise<number | null> => {
  if (ref === null) return null;
  const invoice = await tx
    .selectFrom('invoices')
    .select('id')
    .where('provider', '=', provider)
    .where('provider_ref', '=', ref)
    .executeTakeFirst();
  return invoice?.id ?? null;
};

/**
 * Takes a provider's webhook: the adapter verifies and translates, one transaction stores the evidence and what
 * follows from it, and only then is it acknowledged. Evidence about something we do not know yet (a webhook can
 * overtake the answer to the create) is kept and claimed by its invoice later.
 * @throws DomainError `unauthenticated` or `invalid_request`: nothing is stored
 */
export const receiveWebhook = async (
  { store, providers, clock }: Pick<Deps, 'store' | 'providers' | 'clock'>,
  { provider, webhook }: ReceiveWebhook,
): Promise<WebhookReply> => {
  const { observations, reply } = await providers[provider].receive(webhook);
  if (observations.length === 0) return reply;
  await store.write(async (tx) => {
    const now = clock();
    for (const observation of observations) {
      const invoiceId = await invoiceWith(tx, provider, observation);
      const recorded = { provider, observation, source: 'webhook', invoiceId, now } as const;
      const observationId = await storeObservation(tx, recorded);
      if (observationId === undefined || invoiceId === null) continue;
      await restate(tx, { invoiceId, cause: { observationId }, now });
    }
  });
  return reply;
};
