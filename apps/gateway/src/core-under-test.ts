import {
  type AccountEvent,
  createInvoiceCoreRouter,
  type Flow,
  type Invoice,
  type InvoiceCore,
  type OwnedInvoice,
  type PaymentPolicy,
  type Readiness,
  remoteInvoiceCore,
  type Scope,
  type WebhookReply,
} from '@quittance/contracts';
import { directTransport, DomainError } from '@quittance/rpc';
import {
  aBitsbyInvoice,
  aDelivery,
  anAttempt,
  anEndpoint,
  anEndpointEvent,
  anEvent,
  anExplanation,
  anInvoice,
  anOwnedInvoice,
  aProvider,
  aRefund,
  aStripeInvoice,
  aUser,
} from './domain-under-test.ts';
import { aProject } from './project-under-test.ts';
import { aPointsInvoice, aTelegramInvoice, aTelegramUser } from './telegram-under-test.ts';

/** The API keys that are known, and what they may do. */
export const apiKeys: Record<string, readonly Scope[]> = {
  qk_all: [
    'invoices:read',
    'invoices:write',
    'webhooks:read',
    'webhooks:write',
    'account:read',
    'account:write',
  ],
  qk_read: ['invoices:read'],
  qk_write: ['invoices:write'],
  qk_hooks_read: ['webhooks:read'],
  qk_hooks_write: ['webhooks:write'],
  qk_account_read: ['account:read'],
  qk_account_write: ['account:write'],
  qk_admin: ['admin'],
};

export const caller = { accountId: 7, userId: 3 };

/** Of the user who is `aTelegramUser`. */
export const aPin = '481516';

/** The PIN that finds everybody locked out, and what is said of that. */
export const lockedPin = '999999';
export const locked = 'Too many wrong PINs';

/** The Telegram bots that are known, and what is behind them. */
export const bots: Record<string, Flow> = {
  '1914078': 'telegram.bot_api',
  '42': 'telegram.bots_business',
};

/** What signs the deliveries of every endpoint that is made or given a new secret. */
export const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const oldSecretUntil = '2026-01-10T00:00:00.000Z';

export const metrics =
  '# TYPE quittance_deliveries_pending gauge\nquittance_deliveries_pending 0\n';

export const policy: PaymentPolicy = {
  tolerance: { kind: 'percent', basisPoints: 50 },
  topUp: false,
  late: 'flag',
};

export interface CoreUnderTest {
  core: InvoiceCore;
  /** Every call after authentication, in order: the method and its input. */
  calls: [method: string, input: unknown][];
  /** Makes every later call, but those to authenticate, fail. */
  failWith: (error: Error) => void;
  /** Has the event feed answer with these. */
  feed: (events: AccountEvent[]) => void;
  /** Has every invoice that is made be this one. */
  createdAs: (invoice: Invoice) => void;
  /** Has every invoice that is canceled be this one since. */
  canceledAs: (invoice: Invoice) => void;
  /** Has these be all that a provider has of any flow. */
  providerHas: (invoices: Invoice[]) => void;
  /** Has this be every account's only invoice. */
  everybodyHas: (owned: OwnedInvoice) => void;
  /** Has this be the reply to every webhook. */
  repliesWith: (reply: WebhookReply) => void;
  /** Has this be what everybody holds. */
  heldIs: (invoice: Invoice) => void;
  /** Has the providers be so. */
  providersAre: (providers: Readiness['providers']) => void;
}

const oneOf: Record<Flow, Invoice> = {
  'stripe.payment_intent': anInvoice,
  'stripe.invoice': aStripeInvoice,
  'bitsby.invoice': aBitsbyInvoice,
  'telegram.bot_api': aTelegramInvoice,
  'telegram.bots_business': aPointsInvoice,
};

const unused = (): never => {
  throw new Error('The gateway has no use for this');
};

/**
 * A core that records what it is asked, behind the real contract: it sees only input that the contract allows, and its
 * answers and errors come back as they do between processes.
 */
export const createCoreUnderTest = (): CoreUnderTest => {
  const calls: CoreUnderTest['calls'] = [];
  let failure: Error | undefined;
  let events: AccountEvent[] = [anEvent, anEndpointEvent, { ...anEvent, position: 44 }];
  let created: Invoice | undefined;
  let canceled = anInvoice;
  let owned = anOwnedInvoice;
  let atProvider = [aBitsbyInvoice];
  let reply: WebhookReply = { status: 200, headers: { 'x-a': 'b' }, body: '"ok"' };
  let held = aTelegramInvoice;
  let providers: Readiness['providers'] = {
    stripe: 'reachable',
    bitsby: 'reachable',
    telegram: 'reachable',
  };

  const record = <T>(method: string, input: unknown, answer: T): Promise<T> => {
    calls.push([method, input]);
    return failure === undefined ? Promise.resolve(answer) : Promise.reject(failure);
  };

  const core: InvoiceCore = {
    identities: {
      authenticate: ({ apiKey, scope }) => {
        const scopes = apiKeys[apiKey];
        if (!scopes) throw new DomainError('unauthenticated', 'The API key is not known');
        if (!scopes.includes(scope)) throw new DomainError('forbidden', `It lacks ${scope}`);
        return Promise.resolve(caller);
      },
      listAccounts: unused,
      createAccount: unused,
      listUsers: (input) => record('identities.listUsers', input, [aUser, aTelegramUser]),
      policy: (input) => record('identities.policy', input, policy),
      setPolicy: (input) => record('identities.setPolicy', input, input.policy),
      createUser: unused,
      linkTelegram: unused,
      userOfTelegram: unused,
      setPin: unused,
      authenticatePin: ({ who, pin }) => {
        if (pin === lockedPin)
          throw new DomainError('rate_limited', locked, { retryAfterMs: 1500 });
        if ('ref' in who && who.ref !== held.providerRef) {
          throw new DomainError('not_found', `No invoice ${who.ref}`);
        }
        const isNobody = 'telegramId' in who && who.telegramId !== aTelegramUser.telegramId;
        if (isNobody || pin !== aPin) throw new DomainError('unauthenticated', 'Not so');
        return Promise.resolve(caller);
      },
      userOfCustomer: (input) => record('identities.userOfCustomer', input, aUser),
      createApiKey: unused,
      revokeApiKey: unused,
    },
    invoices: {
      create: (input) => {
        return record('invoices.create', input, created ?? oneOf[input.options.flow]);
      },
      get: (input) => record('invoices.get', input, anInvoice),
      list: (input) =>
        record('invoices.list', input, { invoices: [anInvoice], next: anInvoice.publicId }),
      held: (input) =>
        record('invoices.held', input, {
          invoice: held,
          merchant: aTelegramUser.name,
          creatorTelegramId: aTelegramUser.telegramId,
        }),
      listFlow: (input) => record('invoices.listFlow', input, atProvider),
      cancel: (input) => record('invoices.cancel', input, canceled),
      operate: (input) => record('invoices.operate', input, aStripeInvoice),
      refund: (input) => record('invoices.refund', input, { refund: aRefund, invoice: anInvoice }),
      explain: (input) => record('invoices.explain', input, anExplanation),
      events: (input) => record('invoices.events', input, [anEvent]),
    },
    projects: {
      create: (input) => record('projects.create', input, aProject),
      list: (input) => record('projects.list', input, [aProject]),
      get: (input) => record('projects.get', input, aProject),
      update: (input) => record('projects.update', input, aProject),
    },
    everywhere: {
      list: (input) => record('everywhere.list', input, { invoices: [owned], count: 1 }),
      find: (input) => record('everywhere.find', input, owned),
    },
    events: {
      feed: (input) => record('events.feed', input, events),
      message: (input) =>
        record('events.message', input, { webhookId: 'evt_41', body: '{"a": 1}' }),
    },
    endpoints: {
      create: (input) => record('endpoints.create', input, { endpoint: anEndpoint, secret }),
      list: (input) => record('endpoints.list', input, [anEndpoint]),
      get: (input) => record('endpoints.get', input, anEndpoint),
      update: (input) => record('endpoints.update', input, anEndpoint),
      remove: (input) => record('endpoints.remove', input, anEndpoint),
      rotateSecret: (input) =>
        record('endpoints.rotateSecret', input, { endpoint: anEndpoint, secret, oldSecretUntil }),
      test: (input) => record('endpoints.test', input, { webhookId: 'test_1', attempt: anAttempt }),
      replay: (input) => record('endpoints.replay', input, { deliveries: 3 }),
    },
    deliveries: {
      list: (input) =>
        record('deliveries.list', input, { deliveries: [aDelivery], next: aDelivery.id }),
      get: (input) => record('deliveries.get', input, aDelivery),
      attempts: (input) => record('deliveries.attempts', input, [anAttempt]),
      replay: (input) => record('deliveries.replay', input, aDelivery),
    },
    metrics: () => record('metrics', undefined, metrics),
    providers: {
      list: () => record('providers.list', undefined, [aProvider]),
      bot: ({ botId }) => {
        const flow = bots[botId];
        if (!flow) throw new DomainError('not_found', `No bot ${botId}`);
        return Promise.resolve({ flow });
      },
    },
    webhooks: {
      receive: (input) => record('webhooks.receive', input, reply),
    },
    pace: { takeTurn: unused },
    ready: () => record('ready', undefined, { ready: true, providers }),
  };

  const router = createInvoiceCoreRouter(core);
  return {
    core: remoteInvoiceCore(directTransport(router, () => undefined)),
    calls,
    failWith: (error) => {
      failure = error;
    },
    feed: (next) => {
      events = next;
    },
    createdAs: (invoice) => {
      created = invoice;
    },
    canceledAs: (invoice) => {
      canceled = invoice;
    },
    providerHas: (next) => {
      atProvider = next;
    },
    everybodyHas: (next) => {
      owned = next;
    },
    repliesWith: (next) => {
      reply = next;
    },
    heldIs: (next) => {
      held = next;
    },
    providersAre: (next) => {
      providers = next;
    },
  };
};
