import { procedure, router, settled, type Transport, transportLink } from '@quittance/rpc';
import { createTRPCClient } from '@trpc/client';
import { z } from 'zod';
import { Attempt, Delivery, Endpoint } from './domain/endpoint.ts';
import { AccountEvent, InvoiceEvent } from './domain/event.ts';
import { Explanation } from './domain/explanation.ts';
import { Account, ApiKey, Caller, TelegramId, User } from './domain/identity.ts';
import { Invoice } from './domain/invoice.ts';
import { PaymentPolicy } from './domain/policy.ts';
import { Project } from './domain/project.ts';
import { Flow, ProviderDescription } from './domain/provider.ts';
import {
  Authenticate,
  AuthenticatePin,
  BotId,
  CancelInvoice,
  CreateAccount,
  CreateApiKey,
  CreateInvoice,
  CreateProject,
  CreateUser,
  CreatedApiKey,
  EventFeed,
  FindEverywhere,
  GetInvoice,
  HeldInvoice,
  InvoiceOfCaller,
  InvoiceOfRef,
  InvoicePage,
  LinkTelegram,
  ListEverywhere,
  ListFlow,
  ListInvoices,
  NumberedPage,
  OperateInvoice,
  OwnedInvoice,
  ProjectOfCaller,
  Readiness,
  ReceiveWebhook,
  RefundInvoice,
  RefundedInvoice,
  SetPin,
  SetPolicy,
  TakeTurn,
  Turn,
  UpdateProject,
  UserOfCustomer,
} from './invoice-core-requests.ts';
import { WebhookReply } from './payment-provider.ts';
import {
  CreateEndpoint,
  DeliveryOfCaller,
  DeliveryPage,
  EndpointOfCaller,
  EndpointWithSecret,
  EventOfCaller,
  ListDeliveries,
  Replayed,
  ReplayEndpoint,
  RotatedSecret,
  TestedEndpoint,
  UpdateEndpoint,
  WebhookMessage,
} from './webhook-requests.ts';

/** The truth about accounts, users, keys and invoices. Every method throws DomainErrors only. */
export interface InvoiceCore {
  identities: {
    /** @throws DomainError `unauthenticated` for a key that is malformed, unknown or revoked; `forbidden` without the scope */
    authenticate: (input: Authenticate) => Promise<Caller>;
    listAccounts: () => Promise<Account[]>;
    createAccount: (input: CreateAccount) => Promise<Account>;
    listUsers: (input: { accountId: number }) => Promise<User[]>;
    policy: (input: { accountId: number }) => Promise<PaymentPolicy>;
    /** For invoices made from now on. @throws DomainError `not_found` */
    setPolicy: (input: SetPolicy) => Promise<PaymentPolicy>;
    createUser: (input: CreateUser) => Promise<User>;
    /** @throws DomainError `not_found`; `conflict` for a Telegram id that is another user's */
    linkTelegram: (input: LinkTelegram) => Promise<User>;
    /** The user who is that person in Telegram; null for nobody. */
    userOfTelegram: (input: { telegramId: number }) => Promise<User | null>;
    /** @throws DomainError `not_found` for nobody */
    setPin: (input: SetPin) => Promise<User>;
    /**
     * A wrong PIN, a user without one and nobody are refused alike, and lock out after some tries.
     * @throws DomainError `unauthenticated`; `rate_limited` while locked out, also for the right PIN; `not_found` for no
     * invoice
     */
    authenticatePin: (input: AuthenticatePin) => Promise<Caller>;
    /**
     * The user who is that customer at the provider; made from what the provider knows where there is none.
     * @throws DomainError `provider_refused` for nobody; `unavailable`
     */
    userOfCustomer: (input: UserOfCustomer) => Promise<User>;
    createApiKey: (input: CreateApiKey) => Promise<CreatedApiKey>;
    revokeApiKey: (input: { id: number }) => Promise<ApiKey>;
  };
  invoices: {
    /**
     * Creates an invoice and makes it payable at its provider.
     * @throws DomainError `invalid_request` naming the field, `not_found` for another account's project and
     * `rate_limited` while so many wait for their turn at the provider that it would come too late (nothing stored in
     * all three); `provider_refused`; `unavailable` and
     * `outcome_unknown`, after which the invoice is kept and opened as soon as that can be done; `conflict` and
     * `idempotency_mismatch` for a key in use
     */
    create: (input: CreateInvoice) => Promise<Invoice>;
    /** @throws DomainError `not_found`, also for another account's invoice */
    get: (input: GetInvoice) => Promise<Invoice>;
    list: (input: ListInvoices) => Promise<InvoicePage>;
    /** For whoever holds its ref, whoever that is. @throws DomainError `not_found` */
    held: (input: InvoiceOfRef) => Promise<HeldInvoice>;
    /** What its provider has of one flow, newest first. */
    listFlow: (input: ListFlow) => Promise<Invoice[]>;
    /**
     * Ends an invoice that no money has arrived for. Money that arrives meanwhile wins.
     * @throws DomainError `not_found`; `conflict` for one that is paid, still being created or whose payment was let
     * through and may be on its way; `unavailable` and `outcome_unknown`, after which the cancel is kept and carried out
     * as soon as that can be done
     */
    cancel: (input: CancelInvoice) => Promise<Invoice>;
    /**
     * Has the provider do something with an invoice.
     * @throws DomainError `not_found`; `conflict` for what its provider cannot do, or not as it stands;
     * `provider_refused` for a payment that was declined; `unavailable` and `outcome_unknown`, after which it is kept
     * and carried out
     */
    operate: (input: OperateInvoice) => Promise<Invoice>;
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
  /** An account's shops. Another account's are `not_found`. */
  projects: {
    /** @throws DomainError `conflict` beyond the most there may be */
    create: (input: CreateProject) => Promise<Project>;
    list: (input: { caller: Caller }) => Promise<Project[]>;
    get: (input: ProjectOfCaller) => Promise<Project>;
    update: (input: UpdateProject) => Promise<Project>;
  };
  /** Every account's invoices that their provider has. For admins alone: whoever calls sees to that. */
  everywhere: {
    list: (input: ListEverywhere) => Promise<NumberedPage>;
    /** @throws DomainError `not_found` */
    find: (input: FindEverywhere) => Promise<OwnedInvoice>;
  };
  events: {
    /** The account's events in the order of their positions. It can neither skip nor repeat. */
    feed: (input: EventFeed) => Promise<AccountEvent[]>;
    /** An event as endpoints get it. @throws DomainError `not_found` */
    message: (input: EventOfCaller) => Promise<WebhookMessage>;
  };
  /** Where an account's events are sent. Another account's endpoints are `not_found`. */
  endpoints: {
    /** @throws DomainError `invalid_request` for a URL that is never called; `conflict` beyond the most there may be */
    create: (input: CreateEndpoint) => Promise<EndpointWithSecret>;
    list: (input: { caller: Caller }) => Promise<Endpoint[]>;
    get: (input: EndpointOfCaller) => Promise<Endpoint>;
    update: (input: UpdateEndpoint) => Promise<Endpoint>;
    /** With all its deliveries. */
    remove: (input: EndpointOfCaller) => Promise<Endpoint>;
    rotateSecret: (input: EndpointOfCaller) => Promise<RotatedSecret>;
    test: (input: EndpointOfCaller) => Promise<TestedEndpoint>;
    /** @throws DomainError `conflict` for a disabled one */
    replay: (input: ReplayEndpoint) => Promise<Replayed>;
  };
  deliveries: {
    list: (input: ListDeliveries) => Promise<DeliveryPage>;
    get: (input: DeliveryOfCaller) => Promise<Delivery>;
    /** Oldest first. */
    attempts: (input: DeliveryOfCaller) => Promise<Attempt[]>;
    /** Makes it again, from the start of its schedule. @throws DomainError `conflict` for a disabled endpoint */
    replay: (input: DeliveryOfCaller) => Promise<Delivery>;
  };
  /** In the text format of Prometheus. */
  metrics: () => Promise<string>;
  providers: {
    /** What every provider can do. */
    list: () => Promise<ProviderDescription[]>;
    /** Which flow is behind a bot. @throws DomainError `not_found` */
    bot: (input: z.infer<typeof BotId>) => Promise<{ flow: Flow }>;
  };
  webhooks: {
    /** Takes a provider's webhook; the reply is given after what it says is durable. */
    receive: (input: ReceiveWebhook) => Promise<WebhookReply>;
  };
  pace: {
    /**
     * Takes the next turn of a lane, in the order of asking, whoever asks.
     * @throws DomainError `unavailable` when it is further off than the caller's patience; then none is taken
     */
    takeTurn: (input: TakeTurn) => Promise<Turn>;
  };
  /** @throws DomainError `unavailable` when it cannot serve */
  ready: () => Promise<Readiness>;
}

const accountOnly = z.object({ accountId: z.int().positive() });
const keyOnly = z.object({ id: z.int().positive() });

export const createInvoiceCoreRouter = (core: InvoiceCore) => {
  const {
    identities,
    invoices,
    projects,
    everywhere,
    events,
    endpoints,
    deliveries,
    providers,
    webhooks,
  } = core;
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
      policy: procedure
        .input(accountOnly)
        .output(PaymentPolicy)
        .query(({ input }) => identities.policy(input)),
      setPolicy: procedure
        .input(SetPolicy)
        .output(PaymentPolicy)
        .mutation(({ input }) => identities.setPolicy(input)),
      createUser: procedure
        .input(CreateUser)
        .output(User)
        .mutation(({ input }) => identities.createUser(input)),
      linkTelegram: procedure
        .input(LinkTelegram)
        .output(User)
        .mutation(({ input }) => identities.linkTelegram(input)),
      userOfTelegram: procedure
        .input(z.object({ telegramId: TelegramId }))
        .output(User.nullable())
        .query(({ input }) => identities.userOfTelegram(input)),
      setPin: procedure
        .input(SetPin)
        .output(User)
        .mutation(({ input }) => identities.setPin(input)),
      authenticatePin: procedure
        .input(AuthenticatePin)
        .output(Caller)
        .mutation(({ input }) => identities.authenticatePin(input)),
      userOfCustomer: procedure
        .input(UserOfCustomer)
        .output(User)
        .mutation(({ input }) => identities.userOfCustomer(input)),
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
      held: procedure
        .input(InvoiceOfRef)
        .output(HeldInvoice)
        .query(({ input }) => invoices.held(input)),
      listFlow: procedure
        .input(ListFlow)
        .output(z.array(Invoice))
        .query(({ input }) => invoices.listFlow(input)),
      cancel: procedure
        .input(CancelInvoice)
        .output(Invoice)
        .mutation(({ input }) => invoices.cancel(input)),
      operate: procedure
        .input(OperateInvoice)
        .output(Invoice)
        .mutation(({ input }) => invoices.operate(input)),
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
    projects: router({
      create: procedure
        .input(CreateProject)
        .output(Project)
        .mutation(({ input }) => projects.create(input)),
      list: procedure
        .input(z.object({ caller: Caller }))
        .output(z.array(Project))
        .query(({ input }) => projects.list(input)),
      get: procedure
        .input(ProjectOfCaller)
        .output(Project)
        .query(({ input }) => projects.get(input)),
      update: procedure
        .input(UpdateProject)
        .output(Project)
        .mutation(({ input }) => projects.update(input)),
    }),
    everywhere: router({
      list: procedure
        .input(ListEverywhere)
        .output(NumberedPage)
        .query(({ input }) => everywhere.list(input)),
      find: procedure
        .input(FindEverywhere)
        .output(OwnedInvoice)
        .query(({ input }) => everywhere.find(input)),
    }),
    events: router({
      feed: procedure
        .input(EventFeed)
        .output(z.array(AccountEvent))
        .query(({ input }) => events.feed(input)),
      message: procedure
        .input(EventOfCaller)
        .output(WebhookMessage)
        .query(({ input }) => events.message(input)),
    }),
    endpoints: router({
      create: procedure
        .input(CreateEndpoint)
        .output(EndpointWithSecret)
        .mutation(({ input }) => endpoints.create(input)),
      list: procedure
        .input(z.object({ caller: Caller }))
        .output(z.array(Endpoint))
        .query(({ input }) => endpoints.list(input)),
      get: procedure
        .input(EndpointOfCaller)
        .output(Endpoint)
        .query(({ input }) => endpoints.get(input)),
      update: procedure
        .input(UpdateEndpoint)
        .output(Endpoint)
        .mutation(({ input }) => endpoints.update(input)),
      remove: procedure
        .input(EndpointOfCaller)
        .output(Endpoint)
        .mutation(({ input }) => endpoints.remove(input)),
      rotateSecret: procedure
        .input(EndpointOfCaller)
        .output(RotatedSecret)
        .mutation(({ input }) => endpoints.rotateSecret(input)),
      test: procedure
        .input(EndpointOfCaller)
        .output(TestedEndpoint)
        .mutation(({ input }) => endpoints.test(input)),
      replay: procedure
        .input(ReplayEndpoint)
        .output(Replayed)
        .mutation(({ input }) => endpoints.replay(input)),
    }),
    deliveries: router({
      list: procedure
        .input(ListDeliveries)
        .output(DeliveryPage)
        .query(({ input }) => deliveries.list(input)),
      get: procedure
        .input(DeliveryOfCaller)
        .output(Delivery)
        .query(({ input }) => deliveries.get(input)),
      attempts: procedure
        .input(DeliveryOfCaller)
        .output(z.array(Attempt))
        .query(({ input }) => deliveries.attempts(input)),
      replay: procedure
        .input(DeliveryOfCaller)
        .output(Delivery)
        .mutation(({ input }) => deliveries.replay(input)),
    }),
    metrics: procedure.output(z.string()).query(() => core.metrics()),
    providers: router({
      list: procedure.output(z.array(ProviderDescription)).query(() => providers.list()),
      bot: procedure
        .input(BotId)
        .output(z.object({ flow: Flow }))
        .query(({ input }) => providers.bot(input)),
    }),
    webhooks: router({
      receive: procedure
        .input(ReceiveWebhook)
        .output(WebhookReply)
        .mutation(({ input }) => webhooks.receive(input)),
    }),
    pace: router({
      takeTurn: procedure
        .input(TakeTurn)
        .output(Turn)
        .mutation(({ input }) => core.pace.takeTurn(input)),
    }),
    ready: procedure.output(Readiness).query(() => core.ready()),
  });
};

export type InvoiceCoreRouter = ReturnType<typeof createInvoiceCoreRouter>;

/** invoice-core somewhere else, as its own interface. */
export const remoteInvoiceCore = (transport: Transport): InvoiceCore => {
  const client = createTRPCClient<InvoiceCoreRouter>({ links: [transportLink(transport)] });
  const {
    identities,
    invoices,
    projects,
    everywhere,
    events,
    endpoints,
    deliveries,
    providers,
    webhooks,
  } = client;
  return {
    identities: {
      authenticate: (input) => settled(identities.authenticate.query(input)),
      listAccounts: () => settled(identities.listAccounts.query()),
      createAccount: (input) => settled(identities.createAccount.mutate(input)),
      listUsers: (input) => settled(identities.listUsers.query(input)),
      policy: (input) => settled(identities.policy.query(input)),
      setPolicy: (input) => settled(identities.setPolicy.mutate(input)),
      createUser: (input) => settled(identities.createUser.mutate(input)),
      linkTelegram: (input) => settled(identities.linkTelegram.mutate(input)),
      userOfTelegram: (input) => settled(identities.userOfTelegram.query(input)),
      setPin: (input) => settled(identities.setPin.mutate(input)),
      authenticatePin: (input) => settled(identities.authenticatePin.mutate(input)),
      userOfCustomer: (input) => settled(identities.userOfCustomer.mutate(input)),
      createApiKey: (input) => settled(identities.createApiKey.mutate(input)),
      revokeApiKey: (input) => settled(identities.revokeApiKey.mutate(input)),
    },
    invoices: {
      create: (input) => settled(invoices.create.mutate(input)),
      get: (input) => settled(invoices.get.query(input)),
      list: (input) => settled(invoices.list.query(input)),
      held: (input) => settled(invoices.held.query(input)),
      listFlow: (input) => settled(invoices.listFlow.query(input)),
      cancel: (input) => settled(invoices.cancel.mutate(input)),
      operate: (input) => settled(invoices.operate.mutate(input)),
      refund: (input) => settled(invoices.refund.mutate(input)),
      explain: (input) => settled(invoices.explain.query(input)),
      events: (input) => settled(invoices.events.query(input)),
    },
    projects: {
      create: (input) => settled(projects.create.mutate(input)),
      list: (input) => settled(projects.list.query(input)),
      get: (input) => settled(projects.get.query(input)),
      update: (input) => settled(projects.update.mutate(input)),
    },
    everywhere: {
      list: (input) => settled(everywhere.list.query(input)),
      find: (input) => settled(everywhere.find.query(input)),
    },
    events: {
      feed: (input) => settled(events.feed.query(input)),
      message: (input) => settled(events.message.query(input)),
    },
    endpoints: {
      create: (input) => settled(endpoints.create.mutate(input)),
      list: (input) => settled(endpoints.list.query(input)),
      get: (input) => settled(endpoints.get.query(input)),
      update: (input) => settled(endpoints.update.mutate(input)),
      remove: (input) => settled(endpoints.remove.mutate(input)),
      rotateSecret: (input) => settled(endpoints.rotateSecret.mutate(input)),
      test: (input) => settled(endpoints.test.mutate(input)),
      replay: (input) => settled(endpoints.replay.mutate(input)),
    },
    deliveries: {
      list: (input) => settled(deliveries.list.query(input)),
      get: (input) => settled(deliveries.get.query(input)),
      attempts: (input) => settled(deliveries.attempts.query(input)),
      replay: (input) => settled(deliveries.replay.mutate(input)),
    },
    metrics: () => settled(client.metrics.query()),
    providers: {
      list: () => settled(providers.list.query()),
      bot: (input) => settled(providers.bot.query(input)),
    },
    webhooks: { receive: (input) => settled(webhooks.receive.mutate(input)) },
    pace: { takeTurn: (input) => settled(client.pace.takeTurn.mutate(input)) },
    ready: () => settled(client.ready.query()),
  };
};
