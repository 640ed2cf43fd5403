import {
  type CallOptions,
  procedure,
  router,
  settled,
  type Transport,
  transportLink,
} from '@quittance/rpc';
import { createTRPCClient } from '@trpc/client';
import { z } from 'zod';
import { MinorUnits, Money } from './domain/money.ts';
import { Observation } from './domain/observation.ts';
import { FlowOptions, ProviderDescription } from './domain/provider.ts';

/** The payer's side at the provider. What the adapter must remember about a user, the core keeps as `ref`. */
export const CustomerInput = z.object({
  /** What an earlier `open` returned for this user. */
  ref: z.string().nullable(),
  /** The user's id in metadata, for people who look at the provider's own pages. */
  userId: z.int().positive(),
  /** Identifies the user for ever, in every hub there is. */
  key: z.string().min(1),
  name: z.string(),
  email: z.string().nullable(),
});

export const OpenInput = z.object({
  /** The provider's idempotency key: a retry with it cannot open twice where the provider supports that. */
  key: z.string().min(1),
  invoiceId: z.int().positive(),
  /** Nothing was opened with this key before then. */
  createdAt: z.iso.datetime(),
  money: Money,
  description: z.string().nullable(),
  options: FlowOptions,
  customer: CustomerInput,
});
export type OpenInput = z.infer<typeof OpenInput>;

export const OpenResult = z.object({
  observation: Observation,
  customerRef: z.string().nullable(),
});
export type OpenResult = z.infer<typeof OpenResult>;

/** By the provider's id; or, while that is not known, by what `open` was called with. */
export const FindInput = z.discriminatedUnion('by', [
  z.object({ by: z.literal('ref'), ref: z.string().min(1) }),
  z.object({ by: z.literal('open'), open: OpenInput }),
]);
export type FindInput = z.infer<typeof FindInput>;

export const FindResult = z.object({
  observations: z.array(Observation),
  customerRef: z.string().nullable(),
});
export type FindResult = z.infer<typeof FindResult>;

export const CancelInput = z.object({ ref: z.string().min(1), key: z.string().min(1) });
export type CancelInput = z.infer<typeof CancelInput>;

export const RefundInput = z.object({
  ref: z.string().min(1),
  key: z.string().min(1),
  money: Money.extend({ amount: MinorUnits.positive() }),
});
export type RefundInput = z.infer<typeof RefundInput>;

/** A webhook as it came: header names in lower case, the body's text untouched. */
export const RawWebhook = z.object({ headers: z.record(z.string(), z.string()), body: z.string() });
export type RawWebhook = z.infer<typeof RawWebhook>;

/** What the gateway answers to a webhook, prepared by the adapter. */
export const WebhookReply = z.object({
  status: z.int().min(200).max(599),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
export type WebhookReply = z.infer<typeof WebhookReply>;

export const Received = z.object({ observations: z.array(Observation), reply: WebhookReply });
export type Received = z.infer<typeof Received>;

/**
 * The port that every adapter implements. Adapters keep no state and change nothing but the provider.
 *
 * Every method that talks to the provider throws a DomainError: `provider_refused` (it said no, for good, with its
 * message), `unavailable` (nothing happened, try again) or `outcome_unknown` (it may have happened: find out).
 */
export interface PaymentProvider {
  describe: (options?: CallOptions) => Promise<ProviderDescription>;
  /** Makes an invoice payable. With the same key it never opens a second one. */
  open: (input: OpenInput, options?: CallOptions) => Promise<OpenResult>;
  /** What the provider says now; no observation when it knows nothing of it. */
  find: (input: FindInput, options?: CallOptions) => Promise<FindResult>;
  cancel: (input: CancelInput, options?: CallOptions) => Promise<Observation>;
  /** Gives money back, in whole or in part. */
  refund: (input: RefundInput, options?: CallOptions) => Promise<Observation>;
  /**
   * Verifies and translates a webhook, and changes nothing.
   * @throws DomainError `unauthenticated` when it does not prove where it comes from, `invalid_request` when it
   * cannot be read.
   */
  receive: (webhook: RawWebhook, options?: CallOptions) => Promise<Received>;
}

const signalOf = (signal: AbortSignal | undefined): CallOptions => (signal ? { signal } : {});

/** Serves any adapter. */
export const createProviderRouter = (provider: PaymentProvider) =>
  router({
    describe: procedure
      .output(ProviderDescription)
      .query(({ signal }) => provider.describe(signalOf(signal))),
    open: procedure
      .input(OpenInput)
      .output(OpenResult)
      .mutation(({ input, signal }) => provider.open(input, signalOf(signal))),
    find: procedure
      .input(FindInput)
      .output(FindResult)
      .query(({ input, signal }) => provider.find(input, signalOf(signal))),
    cancel: procedure
      .input(CancelInput)
      .output(Observation)
      .mutation(({ input, signal }) => provider.cancel(input, signalOf(signal))),
    refund: procedure
      .input(RefundInput)
      .output(Observation)
      .mutation(({ input, signal }) => provider.refund(input, signalOf(signal))),
    receive: procedure
      .input(RawWebhook)
      .output(Received)
      .query(({ input, signal }) => provider.receive(input, signalOf(signal))),
  });

export type ProviderRouter = ReturnType<typeof createProviderRouter>;

/** An adapter somewhere else, as the port itself. */
export const remoteProvider = (transport: Transport): PaymentProvider => {
  const client = createTRPCClient<ProviderRouter>({ links: [transportLink(transport)] });
  return {
    describe: (options) => settled(client.describe.query(undefined, options)),
    open: (input, options) => settled(client.open.mutate(input, options)),
    find: (input, options) => settled(client.find.query(input, options)),
    cancel: (input, options) => settled(client.cancel.mutate(input, options)),
    refund: (input, options) => settled(client.refund.mutate(input, options)),
    receive: (webhook, options) => settled(client.receive.query(webhook, options)),
  };
};
