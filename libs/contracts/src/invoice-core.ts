import { procedure, router, settled, type Transport, transportLink } from '@quittance/rpc';
import { createTRPCClient } from '@trpc/client';
import { z } from 'zod';
import { Act } from './domain/act.ts';
import { InvoiceEvent } from './domain/event.ts';
import { Explanation } from './domain/explanation.ts';
import { Account, ApiKey, Caller, Scope, User } from './domain/identity.ts';
import { Invoice, InvoiceItem, InvoiceStatus, PublicId } from './domain/invoice.ts';
import { MinorUnits, Money } from './domain/money.ts';
import { PaymentPolicy } from './domain/policy.ts';
import { StorableText } from './domain/text.ts';
import { FlowOptions, ProviderDescription, ProviderName } from './domain/provider.ts';
import { RawWebhook, WebhookReply } from './payment-provider.ts';

/** The client's Idempotency-Key: the same key gives the same answer, and does nothing twice. */
const IdempotencyKey = z.string().min(1).max(255).nullable();

export const CreateInvoice = z.object({
  caller: Caller,
  idempotencyKey: IdempotencyKey,
  money: Money,
  item: InvoiceItem,
  description: StorableText.max(1000).nullable(),
  options: FlowOptions,
  /** When it stops being payable, or in how many seconds; null for never. */
  expiry: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('at'), time: z.iso.datetime() }),
      z.object({ kind: z.literal('in'), seconds: z.int().positive() }),
    ])
    .nullable(),
});
export type CreateInvoice = z.infer<typeof CreateInvoice>;

/** An invoice by either of its ids. */
export const InvoiceId = z.union([z.int().positive(), PublicId]);
export type InvoiceId = z.infer<typeof InvoiceId>;

export const InvoiceOfCaller = z.object({ caller: Caller, id: InvoiceId });
export type InvoiceOfCaller = z.infer<typeof InvoiceOfCaller>;

export const GetInvoice = InvoiceOfCaller.extend({
  /** As it stood, as far as was known, at this time; null for now. */
  at: z.iso.datetime().nullable(),
});
export type GetInvoice = z.infer<typeof GetInvoice>;

/** All filters must hold. Times are of creation, from inclusive, to exclusive; amounts minor units, inclusive. */
export const InvoiceFilter = z.object({
  status: InvoiceStatus.optional(),
  provider: ProviderName.optional(),
  userId: z.int().positive().optional(),
  item: InvoiceItem.optional(),
  createdFrom: z.iso.datetime().optional(),
  createdTo: z.iso.datetime().optional(),
  minAmount: MinorUnits.optional(),
  maxAmount: MinorUnits.optional(),
  /** Words of the description, each of which must be in it, in any case and order. */
  text: z.string().min(1).max(255).optional(),
});
export type InvoiceFilter = z.infer<typeof InvoiceFilter>;

export const ListInvoices = z.object({
  caller: Caller,
  filter: InvoiceFilter,
  /** The last public id of the page before; null for the first page. */
  after: PublicId.nullable(),
  limit: z.int().min(1).max(200),
});
export type ListInvoices = z.infer<typeof ListInvoices>;

/** Newest first. `next` is what to pass as `after` for the following page; null on the last. */
export const InvoicePage = z.object({ invoices: z.array(Invoice), next: PublicId.nullable() });
export type InvoicePage = z.infer<typeof InvoicePage>;

export const CancelInvoice = InvoiceOfCaller.extend({ idempotencyKey: IdempotencyKey });
export type CancelInvoice = z.infer<typeof CancelInvoice>;

export const RefundInvoice = InvoiceOfCaller.extend({
  idempotencyKey: IdempotencyKey,
  /** Minor units; null for all that is left. */
  amount: MinorUnits.positive().nullable(),
  reason: z.string().max(255).nullable(),
});
export type RefundInvoice = z.infer<typeof RefundInvoice>;

export const RefundedInvoice = z.object({ refund: Act, invoice: Invoice });
export type RefundedInvoice = z.infer<typeof RefundedInvoice>;

export const EventFeed = z.object({
  caller: Caller,
  /** Events after this position. */
  after: z.int().min(0),
  limit: z.int().min(1).max(1000),
});
export type EventFeed = z.infer<typeof EventFeed>;

export const Authenticate = z.object({ apiKey: z.string(), scope: Scope });
export type Authenticate = z.infer<typeof Authenticate>;

export const CreateAccount = z.object({ name: Account.shape.name });
export type CreateAccount = z.infer<typeof CreateAccount>;

export const SetPolicy = z.object({ accountId: z.int().positive(), policy: PaymentPolicy });
export type SetPolicy = z.infer<typeof SetPolicy>;

export const CreateUser = User.pick({ accountId: true, name: true, email: true });
export type CreateUser = z.infer<typeof CreateUser>;

export const CreateApiKey = z.object({
  userId: z.int().positive(),
  scopes: z.array(Scope).min(1),
});
export type CreateApiKey = z.infer<typeof CreateApiKey>;

/** The only time that a key is seen whole. */
export const CreatedApiKey = z.object({ apiKey: ApiKey, secret: z.string() });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;

export const ReceiveWebhook = z.object({ provider: ProviderName, webhook: RawWebhook });
export type ReceiveWebhook = z.infer<typeof ReceiveWebhook>;

/** The truth about accounts, users, keys and invoices. Every method throws DomainErrors only. */
export interface InvoiceCore {
  identities: {
    /** @throws DomainError `unauthenticated` for a key that is malformed, unknown or revoked; `forbidden` without the scope */
    authenticate: (input: Authenticate) => Promise<Caller>;
    listAccounts: () => Promise<Account[]>;
    createAccount: (input: CreateAccount) => Promise<Account>;
    listUsers: (input: { accountId: number }) => Promise<User[]>;
    /** For invoices made from now on. @throws DomainError `not_found` */
    setPolicy: (input: SetPolicy) => Promise<PaymentPolicy>;
    createUser: (input: CreateUser) => Promise<User>;
    createApiKey: (input: CreateApiKey) => Promise<CreatedApiKey>;
    revokeApiKey: (input: { id: number }) => Promise<ApiKey>;
  };
  invoices: {
    /**
     * Creates an invoice and makes it payable at its provider.
     * @throws DomainError `invalid_request` naming the field (nothing stored); `provider_refused`; `unavailable` and
     * `outcome_unknown`, after which the invoice is kept and opened as soon as that can be done; `conflict` and
     * `idempotency_mismatch` for a key in use
     */
    create: (input: CreateInvoice) => Promise<Invoice>;
    /** @throws DomainError `not_found`, also for another account's invoice */
    get: (input: GetInvoice) => Promise<Invoice>;
    list: (input: ListInvoices) => Promise<InvoicePage>;
    /**
     * Ends an invoice that no money has arrived for. Money that arrives meanwhile wins.
     * @throws DomainError `not_found`; `conflict` for one that is paid or still being created; `unavailable` and
     * `outcome_unknown`, after which the cancel is kept and carried out as soon as that can be done
     */
    cancel: (input: CancelInvoice) => Promise<Invoice>;
    /**
     * Gives money back, never more than was received.
     * @throws DomainError `not_found`; `invalid_request` for more than is left; `conflict` when nothing was received;
     * `provider_refused`; `unavailable` and `outcome_unknown`, after which the refund is kept and carried out
     */
    refund: (input: RefundInvoice) => Promise<RefundedInvoice>;
    /** Why it is where it is. @throws DomainError `not_found` */
    explain: (input: InvoiceOfCaller) => Promise<Explanation>;
    /** Its events, oldest first. @throws DomainError `not_found` */
    events: (input: InvoiceOfCaller) => Promise<InvoiceEvent[]>;
  };
  events: {
    /** The account's events in the order of their positions. It can neither skip nor repeat. */
    feed: (input: EventFeed) => Promise<InvoiceEvent[]>;
  };
  providers: {
    /** What every provider can do. */
    list: () => Promise<ProviderDescription[]>;
  };
  webhooks: {
    /** Takes a provider's webhook; the reply is given after what it says is durable. */
    receive: (input: ReceiveWebhook) => Promise<WebhookReply>;
  };
  /** @throws DomainError `unavailable` when it cannot serve */
  ready: () => Promise<{ ready: true }>;
}

const accountOnly = z.object({ accountId: z.int().positive() });
const keyOnly = z.object({ id: z.int().positive() });
const Ready = z.object({ ready: z.literal(true) });

export const createInvoiceCoreRouter = (core: InvoiceCore) => {
  const { identities, invoices, events, providers, webhooks } = core;
  return router({
    identities: router({
      authenticate: procedure
        .input(Authenticate)
        .output(Caller)
        .query(({ input }) => identities.authenticate(input)),
      listAccounts: procedure.output(z.array(Account)).query(() => identities.listAccounts()),
      createAccount: procedure
        .input(CreateAccount)
        .output(Account)
        .mutation(({ input }) => identities.createAccount(input)),
      listUsers: procedure
        .input(accountOnly)
        .output(z.array(User))
        .query(({ input }) => identities.listUsers(input)),
      setPolicy: procedure
        .input(SetPolicy)
        .output(PaymentPolicy)
        .mutation(({ input }) => identities.setPolicy(input)),
      createUser: procedure
        .input(CreateUser)
        .output(User)
        .mutation(({ input }) => identities.createUser(input)),
      createApiKey: procedure
        .input(CreateApiKey)
        .output(CreatedApiKey)
        .mutation(({ input }) => identities.createApiKey(input)),
      revokeApiKey: procedure
        .input(keyOnly)
        .output(ApiKey)
        .mutation(({ input }) => identities.revokeApiKey(input)),
    }),
    invoices: router({
      create: procedure
        .input(CreateInvoice)
        .output(Invoice)
        .mutation(({ input }) => invoices.create(input)),
      get: procedure
        .input(GetInvoice)
        .output(Invoice)
        .query(({ input }) => invoices.get(input)),
      list: procedure
        .input(ListInvoices)
        .output(InvoicePage)
        .query(({ input }) => invoices.list(input)),
      cancel: procedure
        .input(CancelInvoice)
        .output(Invoice)
        .mutation(({ input }) => invoices.cancel(input)),
      refund: procedure
        .input(RefundInvoice)
        .output(RefundedInvoice)
        .mutation(({ input }) => invoices.refund(input)),
      explain: procedure
        .input(InvoiceOfCaller)
        .output(Explanation)
        .query(({ input }) => invoices.explain(input)),
      events: procedure
        .input(InvoiceOfCaller)
        .output(z.array(InvoiceEvent))
        .query(({ input }) => invoices.events(input)),
    }),
    events: router({
      feed: procedure
        .input(EventFeed)
        .output(z.array(InvoiceEvent))
        .query(({ input }) => events.feed(input)),
    }),
    providers: router({
      list: procedure.output(z.array(ProviderDescription)).query(() => providers.list()),
    }),
    webhooks: router({
      receive: procedure
        .input(ReceiveWebhook)
        .output(WebhookReply)
        .mutation(({ input }) => webhooks.receive(input)),
    }),
    ready: procedure.output(Ready).query(() => core.ready()),
  });
};

export type InvoiceCoreRouter = ReturnType<typeof createInvoiceCoreRouter>;

/** invoice-core somewhere else, as its own interface. */
export const remoteInvoiceCore = (transport: Transport): InvoiceCore => {
  const client = createTRPCClient<InvoiceCoreRouter>({ links: [transportLink(transport)] });
  const { identities, invoices, events, providers, webhooks } = client;
  return {
    identities: {
      authenticate: (input) => settled(identities.authenticate.query(input)),
      listAccounts: () => settled(identities.listAccounts.query()),
      createAccount: (input) => settled(identities.createAccount.mutate(input)),
      listUsers: (input) => settled(identities.listUsers.query(input)),
      setPolicy: (input) => settled(identities.setPolicy.mutate(input)),
      createUser: (input) => settled(identities.createUser.mutate(input)),
      createApiKey: (input) => settled(identities.createApiKey.mutate(input)),
      revokeApiKey: (input) => settled(identities.revokeApiKey.mutate(input)),
    },
    invoices: {
      create: (input) => settled(invoices.create.mutate(input)),
      get: (input) => settled(invoices.get.query(input)),
      list: (input) => settled(invoices.list.query(input)),
      cancel: (input) => settled(invoices.cancel.mutate(input)),
      refund: (input) => settled(invoices.refund.mutate(input)),
      explain: (input) => settled(invoices.explain.query(input)),
      events: (input) => settled(invoices.events.query(input)),
    },
    events: { feed: (input) => settled(events.feed.query(input)) },
    providers: { list: () => settled(providers.list.query()) },
    webhooks: { receive: (input) => settled(webhooks.receive.mutate(input)) },
    ready: () => settled(client.ready.query()),
  };
};
