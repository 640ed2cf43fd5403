import type { ProviderName, Received, ReceiveWebhook, WebhookReply } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Deps } from '../deps.ts';
import { answerCheckout } from '../checkouts/answer-checkout.ts';
import { takeFlowHint } from '../invoices/flow-hints.ts';
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
  abilities: Abilities;
  /** Whose invoices it may speak of, in our own numbers; null for all. */
  projectId: number | null;
  /** The webhook's body, as it came. */
  body: string;
}

const storeEvidence = async (
  deps: ReceiveDeps,
  tx: Transaction,
  { observations }: Received,
  { provider, now, abilities }: Told,
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

/** What it says of other invoices than the project's, where it is only a project's, is passed over. */
const storeHints = async (
  deps: ReceiveDeps,
  tx: Transaction,
  { hints }: Received,
  { provider, now, projectId, body }: Told,
): Promise<void> => {
  for (const hint of hints) {
    if ('flow' in hint) {
      await takeFlowHint(deps, tx, { provider, flow: hint.flow, projectId, body, now });
      continue;
    }
    const { ref, payment } = hint;
    const invoiceId = await invoiceOfRef(tx, { provider, ref });
    if (invoiceId === null) continue;
    const invoice = await tx
      .selectFrom('invoices')
      .selectAll()
      .where('id', '=', invoiceId)
      .executeTakeFirstOrThrow();
    if (projectId !== null && invoice.project_id !== projectId) continue;
    await takeHint(deps, tx, { provider, ref, payment, invoice, body, now });
  }
};

/** Where webhooks prove nothing, what they claim is no evidence, and nobody is let through on their word. */
const onlyHints = (received: Received): Received => ({
  hints: received.hints,
  observations: [],
  reply: received.reply,
});

interface Verified {
  received: Received;
  projectId: number | null;
}

/** What the adapter makes of it. An adapter that verifies webhooks gets the end of the URL too, to verify by. */
const verify = async (
  deps: ReceiveDeps,
  { provider, token, webhook }: ReceiveWebhook,
): Promise<Verified> => {
  const port = providerNamed(deps.providers, provider);
  const { webhookAuthenticated } = await deps.catalog.describe(provider);
  if (webhookAuthenticated) {
    const received = await port.receive({ ...webhook, ...(token !== null && { token }) });
    return { received, projectId: null };
  }
  const projectId = await projectOfUrl(deps, { provider, token });
  assertSmall(webhook.body);
  return { received: onlyHints(await port.receive(webhook)), projectId };
};

/**
 * Takes a provider's webhook: the adapter verifies and translates, one transaction stores the evidence and what
 * follows from it, and only then is it acknowledged. Evidence about something we do not know yet (a webhook can
 * overtake the answer to the create) is kept and claimed by its invoice later; an invoice that somebody made at the
 * provider for one of our users is taken in. What proves nothing is kept, and the provider is asked. Where the provider
 * asks whether a payer may pay, that is decided in the same transaction, and its answer is the reply.
 * @throws DomainError `unauthenticated`, `invalid_request`, `payload_too_large` or `not_found`: nothing is stored
 */
export const receiveWebhook = async (
  deps: ReceiveDeps,
  input: ReceiveWebhook,
): Promise<WebhookReply> => {
  const { provider, webhook } = input;
  const { received, projectId } = await verify(deps, input);
  const { observations, hints, ask, reply } = received;
  if (observations.length === 0 && hints.length === 0 && !ask) return reply;
  if (hints.length > 0) assertSmall(webhook.body);
  const abilities = await deps.catalog.abilitiesOf(provider);
  return deps.store.write(async (tx) => {
    const told = { provider, now: deps.clock(), abilities, projectId, body: webhook.body };
    await storeEvidence(deps, tx, received, told);
    await storeHints(deps, tx, received, told);
    return ask ? answerCheckout(deps, tx, { provider, ask, now: told.now }) : reply;
  });
};
