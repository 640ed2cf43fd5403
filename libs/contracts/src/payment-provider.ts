import { procedure, router, settled, type Transport, transportLink } from '@quittance/rpc';
import { createTRPCClient } from '@trpc/client';
import { z } from 'zod';
import { ProviderAct } from './domain/act.ts';
import { Currency } from './domain/currency.ts';
import { Payment } from './domain/invoice.ts';
import { MinorUnits, Money } from './domain/money.ts';
import { Observation } from './domain/observation.ts';
import { Flow, FlowOptions, ProviderDescription } from './domain/provider.ts';

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
  /** Whether an earlier try may have got through, in whole or in part: then look before anything is made. */
  mayBeOpen: z.boolean(),
  money: Money,
  description: z.string().nullable(),
  /** The merchant's own data, which the payer must not see. */
  payload: z.string().nullable(),
  /** The provider's id of the project that it is for. */
  projectRef: z.string().nullable(),
  options: FlowOptions,
  customer: CustomerInput,
});
export type OpenInput = z.infer<typeof OpenInput>;

export const OpenResult = z.object({
  observation: Observation,
  customerRef: z.string().nullable(),
});
export type OpenResult = z.infer<typeof OpenResult>;

/** What is known of an invoice already, for a provider that does not say all of it every time. */
const known = {
  /** The provider's object as it was last seen, as JSON text. */
  object: z.string().nullable(),
};

/** How many webhooks that prove nothing are kept and passed on of an invoice. */
export const mostHints = 5;

/** By the provider's id; or, while that is not known, by what `open` was called with. */
export const FindInput = z.discriminatedUnion('by', [
  z.object({
    by: z.literal('ref'),
    ref: z.string().min(1),
    ...known,
    /**
     * The newest webhooks about it that prove nothing by themselves, as they came, newest first: what of them fits what
     * the provider says may be used.
     */
    hints: z.array(z.string()).max(mostHints),
    /** Whether there is reason to ask: then it waits longer for a turn. */
    isUrgent: z.boolean(),
  }),
  z.object({ by: z.literal('open'), open: OpenInput }),
]);
export type FindInput = z.infer<typeof FindInput>;

export const FindResult = z.object({
  observations: z.array(Observation),
  customerRef: z.string().nullable(),
});
export type FindResult = z.infer<typeof FindResult>;

export const ActInput = z.object({
  ref: z.string().min(1),
  ...known,
  key: z.string().min(1),
  act: ProviderAct,
});
export type ActInput = z.infer<typeof ActInput>;

export const RefundInput = z.object({
  ref: z.string().min(1),
  /** The one payment whose money it is; null where the money came in several, or as a total. */
  payment: Payment.pick({ ref: true, payer: true }).nullable(),
  key: z.string().min(1),
  money: Money.extend({ amount: MinorUnits.positive() }),
  /** Whether an earlier try may have got through: then look for it before asking again. */
  mayBeDone: z.boolean(),
});
export type RefundInput = z.infer<typeof RefundInput>;

/** Somebody whom the provider knows, by its own id. */
export const ProviderCustomer = z.object({
  ref: z.string(),
  /** The `key` of the user whom a hub made it for. */
  userKey: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  /** What they are billed in when nobody says. */
  currency: Currency.nullable(),
});
export type ProviderCustomer = z.infer<typeof ProviderCustomer>;

/** A webhook as it came: header names in lower case, the body's text untouched. */
export const RawWebhook = z.object({
  headers: z.record(z.string(), z.string()),
  /** The end of the URL that it came to, if any. */
  token: z.string().max(255).optional(),
  body: z.string(),
});
export type RawWebhook = z.infer<typeof RawWebhook>;

/** What the gateway answers to a webhook, prepared by the adapter. */
export const WebhookReply = z.object({
  status: z.int().min(200).max(599),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
export type WebhookReply = z.infer<typeof WebhookReply>;

/** Why a payer may not pay. `being_paid` is for as long as somebody else's payment may be on its way. */
export const CheckoutRefusal = z.enum([
  'unknown',
  'paid',
  'expired',
  'canceled',
  'not_payable',
  'other_amount',
  'being_paid',
]);
export type CheckoutRefusal = z.infer<typeof CheckoutRefusal>;

/** A payer is about to pay, and the provider asks whether to take the money. */
export const CheckoutQuestion = z.object({
  /** The provider's id of the question: asked again, it gets the same answer. */
  id: z.string().min(1),
  /** What the payment would be for. */
  ref: z.string(),
  money: Money,
  /** Who pays, in the provider's words. */
  payer: z.string(),
  replies: z.object({
    accept: WebhookReply,
    /** One for each reason, in words that the payer understands. */
    refuse: z.record(CheckoutRefusal, WebhookReply),
  }),
});
export type CheckoutQuestion = z.infer<typeof CheckoutQuestion>;

export const Received = z.object({
  observations: z.array(Observation),
  /** What a webhook that proves nothing gives reason to look at: one invoice by the provider's id, or all of a flow. */
  hints: z.array(
    z.union([
      z.object({
        ref: z.string().min(1),
        /** The provider's id of the payment that it tells of; null where it tells of none. */
        payment: z.string().nullable(),
      }),
      z.object({ flow: Flow }),
    ]),
  ),
  reply: WebhookReply,
  /** What the provider wants to know before it goes on; then the answer to that is the reply. */
  ask: CheckoutQuestion.optional(),
});
export type Received = z.infer<typeof Received>;

/**
 * The port that every adapter implements. Adapters keep no state and change nothing but the provider.
 *
 * Every method that talks to the provider throws a DomainError: `provider_refused` (it said no, for good, with its
 * message), `unavailable` (nothing happened, try again) or `outcome_unknown` (it may have happened: find out).
 */
export interface PaymentProvider {
  describe: () => Promise<ProviderDescription>;
  /**
   * Makes an invoice payable. With the same key it never opens a second one; where the provider knows no keys, whoever
   * tries again asks `find` first.
   */
  open: (input: OpenInput) => Promise<OpenResult>;
  /**
   * What the provider says now; no observation when it knows nothing of it. It never throws `provider_refused`: that a
   * question was refused says nothing about what it asked for.
   */
  find: (input: FindInput) => Promise<FindResult>;
  /** Asks for what the flow's `acts` have. */
  act: (input: ActInput) => Promise<Observation>;
  /** Gives money back, in whole or in part. */
  refund: (input: RefundInput) => Promise<Observation>;
  /** Who that is. @throws DomainError `provider_refused` for nobody */
  customer: (input: { ref: string }) => Promise<ProviderCustomer>;
  /**
   * Verifies and translates a webhook, and changes nothing.
   * @throws DomainError `unauthenticated` when it does not prove where it comes from, `invalid_request` when it
   * cannot be read.
   */
  receive: (webhook: RawWebhook) => Promise<Received>;
}

/** Serves any adapter. */
export const createProviderRouter = (provider: PaymentProvider) =>
  router({
    describe: procedure.output(ProviderDescription).query(() => provider.describe()),
    open: procedure
      .input(OpenInput)
      .output(OpenResult)
      .mutation(({ input }) => provider.open(input)),
    find: procedure
      .input(FindInput)
      .output(FindResult)
      .query(({ input }) => provider.find(input)),
    act: procedure
      .input(ActInput)
      .output(Observation)
      .mutation(({ input }) => provider.act(input)),
    refund: procedure
      .input(RefundInput)
      .output(Observation)
      .mutation(({ input }) => provider.refund(input)),
    customer: procedure
      .input(z.object({ ref: z.string().min(1) }))
      .output(ProviderCustomer)
      .query(({ input }) => provider.customer(input)),
    receive: procedure
      .input(RawWebhook)
      .output(Received)
      .query(({ input }) => provider.receive(input)),
  });

export type ProviderRouter = ReturnType<typeof createProviderRouter>;

/** An adapter somewhere else, as the port itself. */
export const remoteProvider = (transport: Transport): PaymentProvider => {
  const client = createTRPCClient<ProviderRouter>({ links: [transportLink(transport)] });
  return {
    describe: () => settled(client.describe.query()),
    open: (input) => settled(client.open.mutate(input)),
    find: (input) => settled(client.find.query(input)),
    act: (input) => settled(client.act.mutate(input)),
    refund: (input) => settled(client.refund.mutate(input)),
    customer: (input) => settled(client.customer.query(input)),
    receive: (webhook) => settled(client.receive.query(webhook)),
  };
};
