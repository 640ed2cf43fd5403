import {
  createInvoiceCoreRouter,
  type InvoiceCore,
  remoteInvoiceCore,
  type Scope,
} from '@quittance/contracts';
import { directTransport, DomainError } from '@quittance/rpc';
import { anEvent, anExplanation, anInvoice, aProvider, aRefund } from './domain-under-test.ts';

/** The API keys that are known, and what they may do. */
export const apiKeys: Record<string, readonly Scope[]> = {
  qk_both: ['invoices:read', 'invoices:write'],
  qk_read: ['invoices:read'],
  qk_write: ['invoices:write'],
};

export const caller = { accountId: 7, userId: 3 };

export interface CoreUnderTest {
  core: InvoiceCore;
  /** Every call after authentication, in order: the method and its input. */
  calls: [method: string, input: unknown][];
  /** Makes every later call, but those to authenticate, fail. */
  failWith: (error: Error) => void;
  /** Has the event feed answer with these positions. */
  feed: (positions: number[]) => void;
}

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
  let positions = [41, 44];

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
      listUsers: unused,
      setPolicy: unused,
      createUser: unused,
      createApiKey: unused,
      revokeApiKey: unused,
    },
    invoices: {
      create: (input) => record('invoices.create', input, anInvoice),
      get: (input) => record('invoices.get', input, anInvoice),
      list: (input) =>
        record('invoices.list', input, { invoices: [anInvoice], next: anInvoice.publicId }),
      cancel: (input) => record('invoices.cancel', input, anInvoice),
      refund: (input) => record('invoices.refund', input, { refund: aRefund, invoice: anInvoice }),
      explain: (input) => record('invoices.explain', input, anExplanation),
      events: (input) => record('invoices.events', input, [anEvent]),
    },
    events: {
      feed: (input) =>
        record(
          'events.feed',
          input,
          positions.map((position) => ({ ...anEvent, position })),
        ),
    },
    providers: { list: () => record('providers.list', undefined, [aProvider]) },
    webhooks: { receive: unused },
    ready: () => Promise.resolve({ ready: true }),
  };

  const router = createInvoiceCoreRouter(core);
  return {
    core: remoteInvoiceCore(directTransport(router, () => undefined)),
    calls,
    failWith: (error) => {
      failure = error;
    },
    feed: (next) => {
      positions = next;
    },
  };
};
