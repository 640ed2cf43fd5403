import {
  createInvoiceCoreRouter,
  type InvoiceCore,
  type InvoiceCoreRouter,
  type PaymentProvider,
  type ProviderName,
} from '@quittance/contracts';
import type { Clock, Logger } from '@quittance/runtime';
import type { Deps } from './deps.ts';
import { createIdentities } from './identities/identities.ts';
import { userOfCustomer } from './identities/user-of-customer.ts';
import { createInvoice } from './invoices/create-invoice.ts';
import { getInvoice } from './invoices/get-invoice.ts';
import { feedEvents, listEvents } from './invoices/list-events.ts';
import { cancelInvoice } from './invoices/cancel-invoice.ts';
import { explainInvoice } from './invoices/explain-invoice.ts';
import { createJoins } from './invoices/joins.ts';
import { findEverywhere, listEverywhere } from './invoices/list-everywhere.ts';
import { listInvoices } from './invoices/list-invoices.ts';
import { operateInvoice } from './invoices/operate-invoice.ts';
import { refundInvoice } from './invoices/refund-invoice.ts';
import { createHandlers } from './jobs/handlers.ts';
import { startJobRunner } from './jobs/job-runner.ts';
import { releaseLeases } from './jobs/release-leases.ts';
import { createStoreJobs } from './jobs/store-jobs.ts';
import { createProviderCatalog } from './invoices/provider-catalog.ts';
import type { Store } from './store/store.ts';
import { readiness } from './ready.ts';
import { receiveWebhook } from './webhooks/receive-webhook.ts';

export { createIdentities } from './identities/identities.ts';
export { verifyLedger } from './invoices/verify-ledger.ts';
export { openSqliteStore } from './store/sqlite-store.ts';

export interface AppDeps {
  store: Store;
  providers: Readonly<Record<ProviderName, PaymentProvider>>;
  /** Whether the providers are emulated. */
  sandbox: boolean;
  clock: Clock;
  log: Logger;
}

export interface App {
  core: InvoiceCore;
  router: InvoiceCoreRouter;
  /** One round of background work: what is due now. */
  work: () => Promise<void>;
  /** Does background work as it becomes due, until stopped. */
  start: () => Promise<{ stop: () => Promise<void> }>;
  /** Lets what is under way finish and closes the store. */
  close: () => Promise<void>;
}

/** How soon background work notices that the sandbox's clock was moved, in ms. */
const maxIdleMs = 250;

export const createApp = (appDeps: AppDeps): App => {
  const deps: Deps = {
    ...appDeps,
    catalog: createProviderCatalog(appDeps.providers),
    jobs: createStoreJobs(appDeps),
    openings: createJoins(),
    acts: createJoins(),
  };
  const worker = deps.jobs.handle(createHandlers(deps));
  const core: InvoiceCore = {
    identities: {
      ...createIdentities(deps),
      userOfCustomer: (input) => userOfCustomer(deps, input),
    },
    invoices: {
      create: (input) => createInvoice(deps, input),
      get: (input) => getInvoice(deps, input),
      list: (input) => listInvoices(deps, input),
      cancel: (input) => cancelInvoice(deps, input),
      operate: (input) => operateInvoice(deps, input),
      refund: (input) => refundInvoice(deps, input),
      explain: (input) => explainInvoice(deps, input),
      events: (input) => listEvents(deps, input),
    },
    everywhere: {
      list: (input) => listEverywhere(deps, input),
      find: (input) => findEverywhere(deps, input),
    },
    events: { feed: (input) => feedEvents(deps, input) },
    providers: { list: () => deps.catalog.list() },
    webhooks: { receive: (input) => receiveWebhook(deps, input) },
    ready: () => readiness(deps),
  };
  return {
    core,
    router: createInvoiceCoreRouter(core),
    work: worker.work,
    start: async () => {
      await releaseLeases(deps.store);
      return startJobRunner({ ...deps, worker, maxIdleMs });
    },
    close: async () => {
      await deps.openings.idle();
      await deps.acts.idle();
      await deps.store.close();
    },
  };
};
