import type { ProviderName, Received, ReceiveWebhook, WebhookReply } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { takeHint } from '../invoices/hints.ts';
import { invoiceOfRef, storeObservation } from '../invoices/observations.ts';
import { providerNamed } from '../invoices/provider-catalog.ts';
import { restate } from '../invoices/restate.ts';
import { type Abilities, takeInInvoice } from '../invoices/take-in-invoice.ts';
import { projectOfToken } from '../projects/webhook-token.ts';
import type { Transaction } from '../store/store.ts';

type ReceiveDeps = Pick<Deps, 'store' | 'jobs' | 'providers' | 'catalog' | 'sandbox' | 'clock'>;

/**
 * Whose invoices a webhook that proves nothing may speak of: what vouches for it is that it came to a URL that only
 * the provider knows.
 * @throws DomainError `not_found` for any other URL
 */
const projectOfUrl = async (
  { store }: ReceiveDeps,
  { provider, token }: Pick<ReceiveWebhook, 'provider' | 'token'>,
): Promise<number> => {
  const project =
    token === null ? undefined : await projectOfToken(store.read, { provider, token });
  if (project !== undefined) return project;
  throw new DomainError('not_found', 'No webhooks are taken here');
};

/** How large a webhook that proves nothing may be: each is kept, and several are handed on at once. */
const mostHintBytes = 32 * 1024;

/** @throws DomainError `payload_too_large` */
const assertSmall = (body: string): void => {
  if (Buffer.byteLength(body) <= mostHintBytes) return;
  throw new DomainError('payload_too_large', `A webhook may have ${mostHintBytes} bytes at most`);
};

interface Told {
  provider: ProviderName;
  now: number;
}

const storeEvidence = async (
  deps: ReceiveDeps,
  tx: Transaction,
  { observations }: Received,
  { provider, now, abilities }: Told & { abilities: Abilities },
): Promise<void> => {
  for (const observation of observations) {
    const { ref, foreign } = observation;
    const invoiceId = ref === null ? null : await invoiceOfRef(tx, { provider, ref });
    const recorded = { provider, observation, source: 'webhook', invoiceId, now } as const;
    const observationId = await storeObservation(tx, recorded);
    if (observationId === undefined || ref === null) continue;
    if (invoiceId !== null) await restate(deps, tx, { invoiceId, cause: { observationId }, now });
    else if (foreign) await takeInInvoice(deps, tx, { provider, ref, abilities, now });
  }
};

/** What it says of other invoices than the project's is passed over. */
const storeHints = async (
  deps: ReceiveDeps,
  tx: Transaction,
  { hints }: Received,
  { provider, now, projectId, body }: Told & { projectId: number; body: string },
): Promise<void> => {
  for (const { ref, payment } of hints) {
    const invoiceId = await invoiceOfRef(tx, { provider, ref });
    if (invoiceId === null) continue;
    const invoice = await tx
      .selectFrom('invoices')
      .selectAll()
      .where('id', '=', invoiceId)
      .executeTakeFirstOrThrow();
    if (invoice.project_id !== projectId) continue;
    await takeHint(deps, tx, { provider, ref, payment, invoice, body, now });
  }
};

/**
 * Takes a provider's webhook: the adapter verifies and translates, one transaction stores the evidence and what
 * follows from it, and only then is it acknowledged. Evidence about something we do not know yet (a webhook can
 * overtake the answer to the create) is kept and claimed by its invoice later; an invoice that somebody made at the
 * provider for one of our users is taken in. Where webhooks prove nothing, they are kept and the provider is asked.
 * @throws DomainError `unauthenticated`, `invalid_request`, `payload_too_large` or `not_found`: nothing is stored
 */
export const receiveWebhook = async (
  deps: ReceiveDeps,
  { provider, token, webhook }: ReceiveWebhook,
): Promise<WebhookReply> => {
  const port = providerNamed(deps.providers, provider);
  const { webhookAuthenticated } = await deps.catalog.describe(provider);
  if (webhookAuthenticated) {
    const received = await port.receive(webhook);
    if (received.observations.length === 0) return received.reply;
    const abilities = await deps.catalog.abilitiesOf(provider);
    await deps.store.write((tx) =>
      storeEvidence(deps, tx, received, { provider, now: deps.clock(), abilities }),
    );
    return received.reply;
  }
  const projectId = await projectOfUrl(deps, { provider, token });
  assertSmall(webhook.body);
  const received = await port.receive(webhook);
  if (received.hints.length === 0) return received.reply;
  const { body } = webhook;
  await deps.store.write((tx) =>
    storeHints(deps, tx, received, { provider, now: deps.clock(), projectId, body }),
  );
  return received.reply;
};
