import type { ReceiveWebhook, WebhookReply } from '@quittance/contracts';
import type { Deps } from '../deps.ts';
import { invoiceOfRef, storeObservation } from '../invoices/observations.ts';
import { restate } from '../invoices/restate.ts';
import { takeInInvoice } from '../invoices/take-in-invoice.ts';

/**
 * Takes a provider's webhook: the adapter verifies and translates, one transaction stores the evidence and what
 * follows from it, and only then is it acknowledged. Evidence about something we do not know yet (a webhook can
 * overtake the answer to the create) is kept and claimed by its invoice later; an invoice that somebody made at the
 * provider for one of our users is taken in.
 * @throws DomainError `unauthenticated` or `invalid_request`: nothing is stored
 */
export const receiveWebhook = async (
  deps: Pick<Deps, 'store' | 'jobs' | 'providers' | 'catalog' | 'sandbox' | 'clock'>,
  { provider, webhook }: ReceiveWebhook,
): Promise<WebhookReply> => {
  const { observations, reply } = await deps.providers[provider].receive(webhook);
  if (observations.length === 0) return reply;
  const abilities = await deps.catalog.abilitiesOf(provider);
  await deps.store.write(async (tx) => {
    const now = deps.clock();
    for (const observation of observations) {
      const { ref, foreign } = observation;
      const invoiceId = ref === null ? null : await invoiceOfRef(tx, { provider, ref });
      const recorded = { provider, observation, source: 'webhook', invoiceId, now } as const;
      const observationId = await storeObservation(tx, recorded);
      if (observationId === undefined || ref === null) continue;
      if (invoiceId !== null) await restate(deps, tx, { invoiceId, cause: { observationId }, now });
      else if (foreign) await takeInInvoice(deps, tx, { provider, ref, abilities, now });
    }
  });
  return reply;
};
