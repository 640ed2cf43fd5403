import { procedure, router, settled, type Transport, transportLink } from '@quittance/rpc';
import { createTRPCClient } from '@trpc/client';
import { z } from 'zod';
import { InvoiceEvent } from './domain/event.ts';
import { Account, ApiKey, Caller, Scope, User } from './domain/identity.ts';
import { Invoice, InvoiceItem } from './domain/invoice.ts';
import { Money } from './domain/money.ts';
import { FlowOptions, ProviderName } from './domain/provider.ts';
import { RawWebhook, WebhookReply } from './payment-provider.ts';

export const CreateInvoice = z.object({
  caller: Caller,
  /** The client's Idempotency-Key: the same key gives the same answer, and opens nothing twice. */
  idempotencyKey: z.string().min(1).max(255).nullable(),
  money: Money,
  item: InvoiceItem,
  description: z.string().max(1000).nullable(),
  options: FlowOptions,
  /** When it stops being payable; null for never. */
  expiresAt: z.iso.datetime().nullable(),
});
export type CreateInvoice = z.infer<typeof CreateInvoice>;

export const InvoiceOfCaller = z.object({ caller: Caller, id: z.int().positive() });
export type InvoiceOfCaller = z.infer<typeof InvoiceOfCaller>;

export const Authenticate = z.object({ apiKey: z.string(), scope: Scope });
export type Authenticate = z.infer<typeof Authenticate>;

export const CreateAccount = z.object({ name: Account.shape.name });
export type CreateAccount = z.infer<typeof CreateAccount>;

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
    get: (input: InvoiceOfCaller) => Promise<Invoice>;
    /** Its events, oldest first. @throws DomainError `not_found` */
    events: (input: InvoiceOfCaller) => Promise<InvoiceEvent[]>;
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
  const { identities, invoices, webhooks } = core;
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
        .input(InvoiceOfCaller)
        .output(Invoice)
        .query(({ input }) => invoices.get(input)),
      events: procedure
        .input(InvoiceOfCaller)
        .output(z.array(InvoiceEvent))
        .query(({ input }) => invoices.events(input)),
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
  const { identities, invoices, webhooks } = client;
  return {
    identities: {
      authenticate: (input) => settled(identities.authenticate.query(input)),
      listAccounts: () => settled(identities.listAccounts.query()),
      createAccount: (input) => settled(identities.createAccount.mutate(input)),
      listUsers: (input) => settled(identities.listUsers.query(input)),
      createUser: (input) => settled(identities.createUser.mutate(input)),
      createApiKey: (input) => settled(identities.createApiKey.mutate(input)),
      revokeApiKey: (input) => settled(identities.revokeApiKey.mutate(input)),
    },
    invoices: {
      create: (input) => settled(invoices.create.mutate(input)),
      get: (input) => settled(invoices.get.query(input)),
      events: (input) => settled(invoices.events.query(input)),
    },
    webhooks: { receive: (input) => settled(webhooks.receive.mutate(input)) },
    ready: () => settled(client.ready.query()),
  };
};
