import {
  createInvoiceCoreRouter,
  type InvoiceCore,
  type InvoiceCoreRouter,
} from '@quittance/contracts';
import type { Clock, Logger } from '@quittance/runtime';
import type { Deps } from './deps.ts';
import { checkEncryptionKey } from './endpoints/check-encryption-key.ts';
import { createEndpoint } from './endpoints/create-endpoint.ts';
import { createDeliveryMetrics } from './endpoints/delivery-metrics.ts';
import { getDelivery, listAttempts, listDeliveries } from './endpoints/list-deliveries.ts';
import { getEndpoint, listEndpoints } from './endpoints/list-endpoints.ts';
import { getMessage } from './endpoints/message-of-event.ts';
import { removeEndpoint } from './endpoints/remove-endpoint.ts';
import { replayDelivery, replayEndpoint } from './endpoints/replay.ts';
import { rotateSecret } from './endpoints/rotate-secret.ts';
import { createSender, type Sender } from './endpoints/sender.ts';
import { testEndpoint } from './endpoints/test-endpoint.ts';
import { updateEndpoint } from './endpoints/update-endpoint.ts';
import { checkPins } from './identities/check-pins.ts';
import { createIdentities } from './identities/identities.ts';
import { createTelegramIdentities } from './identities/telegram-identities.ts';
import { userOfCustomer } from './identities/user-of-customer.ts';
import { createInvoice } from './invoices/create-invoice.ts';
import { getInvoice } from './invoices/get-invoice.ts';
import { heldInvoice } from './invoices/held-invoice.ts';
import { feedEvents, listEvents } from './invoices/list-events.ts';
import { cancelInvoice } from './invoices/cancel-invoice.ts';
import { explainInvoice } from './invoices/explain-invoice.ts';
import { createJoins } from './invoices/joins.ts';
import { findEverywhere, listEverywhere } from './invoices/list-everywhere.ts';
import { listFlow } from './invoices/list-flow.ts';
import { listInvoices } from './invoices/list-invoices.ts';
import { operateInvoice } from './invoices/operate-invoice.ts';
import { refundInvoice } from './invoices/refund-invoice.ts';
import { createHandlers } from './jobs/handlers.ts';
import { startJobRunner } from './jobs/job-runner.ts';
import { releaseLeases } from './jobs/release-leases.ts';
import { createStoreJobs } from './jobs/store-jobs.ts';
import { createProviderCatalog, type Providers } from './invoices/provider-catalog.ts';
import { takeTurn } from './pace/take-turn.ts';
import { checkWebhookTokens } from './projects/check-webhook-tokens.ts';
import { createProject } from './projects/create-project.ts';
import { getProject, listProjects } from './projects/list-projects.ts';
import { updateProject } from './projects/update-project.ts';
import type { Store } from './store/store.ts';
import { readiness } from './ready.ts';
import { receiveWebhook } from './webhooks/receive-webhook.ts';

export { createIdentities } from './identities/identities.ts';
export { createTelegramIdentities } from './identities/telegram-identities.ts';
export { verifyLedger } from './invoices/verify-ledger.ts';
export { openSqliteStore } from './store/sqlite-store.ts';

export interface AppDeps {
  store: Store;
  /** Those that this hub has. */
  providers: Providers;
  /** Whether the providers are emulated. */
  sandbox: boolean;
  /** What secrets are encrypted with in the database: 32 bytes. */
  encryptionKey: Buffer;
  /** Networks that webhooks may be sent to although they are not public, as CIDRs. */
  webhookNetworks: readonly string[];
  /** How endpoints are called; made of the rest where it is absent. */
  sender?: Sender;
  clock: Clock;
  log: Logger;
}

export interface App {
  core: InvoiceCore;
  router: InvoiceCoreRouter;
  /** One round of background work: what is due now. */
  work: () => Promise<void>;
  /**
   * Does background work as it becomes due, until stopped. Serve only after it.
   * @throws ConfigError when the encryption key is not the database's
   */
  start: () => Promise<{ stop: () => Promise<void> }>;
  /** Lets what is under way finish and closes the store. */
  close: () => Promise<void>;
}

/** How soon background work notices that the sandbox's clock was moved, in ms. */
const maxIdleMs = 250;

/** How long endpoints have to answer what they were sent when background work stops, in ms; then it is cut off. */
const stopMs = 3000;

export const createApp = (appDeps: AppDeps): App => {
  const deps: Deps = {
    ...appDeps,
    catalog: createProviderCatalog(appDeps.providers),
    jobs: createStoreJobs(appDeps),
    sender: appDeps.sender ?? createSender(appDeps),
    deliveries: createJoins(),
    deliveryMetrics: createDeliveryMetrics(appDeps),
    openings: createJoins(),
    acts: createJoins(),
  };
  const worker = deps.jobs.handle(createHandlers(deps));
  const core: InvoiceCore = {
    identities: {
      ...createIdentities(deps),
      ...createTelegramIdentities(deps),
      userOfCustomer: (input) => userOfCustomer(deps, input),
    },
    invoices: {
      create: (input) => createInvoice(deps, input),
      get: (input) => getInvoice(deps, input),
      list: (input) => listInvoices(deps, input),
      held: (input) => heldInvoice(deps, input),
      listFlow: (input) => listFlow(deps, input),
      cancel: (input) => cancelInvoice(deps, input),
      operate: (input) => operateInvoice(deps, input),
      refund: (input) => refundInvoice(deps, input),
      explain: (input) => explainInvoice(deps, input),
      events: (input) => listEvents(deps, input),
    },
    projects: {
      create: (input) => createProject(deps, input),
      list: (input) => listProjects(deps, input),
      get: (input) => getProject(deps, input),
      update: (input) => updateProject(deps, input),
    },
    everywhere: {
      list: (input) => listEverywhere(deps, input),
      find: (input) => findEverywhere(deps, input),
    },
    events: {
      feed: (input) => feedEvents(deps, input),
      message: (input) => getMessage(deps, input),
    },
    endpoints: {
      create: (input) => createEndpoint(deps, input),
      list: (input) => listEndpoints(deps, input),
      get: (input) => getEndpoint(deps, input),
      update: (input) => updateEndpoint(deps, input),
      remove: (input) => removeEndpoint(deps, input),
      rotateSecret: (input) => rotateSecret(deps, input),
      test: (input) => testEndpoint(deps, input),
      replay: (input) => replayEndpoint(deps, input),
    },
    deliveries: {
      list: (input) => listDeliveries(deps, input),
      get: (input) => getDelivery(deps, input),
      attempts: (input) => listAttempts(deps, input),
      replay: (input) => replayDelivery(deps, input),
    },
    metrics: () => deps.deliveryMetrics.text(),
    providers: { list: () => deps.catalog.list(), bot: (input) => deps.catalog.bot(input) },
    webhooks: { receive: (input) => receiveWebhook(deps, input) },
    pace: { takeTurn: (input) => takeTurn(deps, input) },
    ready: () => readiness(deps),
  };
  return {
    core,
    router: createInvoiceCoreRouter(core),
    work: worker.work,
    start: async () => {
      await checkEncryptionKey(deps);
      await checkWebhookTokens(deps);
      await checkPins(deps);
      await releaseLeases(deps.store);
      const runner = startJobRunner({ ...deps, worker, maxIdleMs });
      return {
        stop: async () => {
          const patience = setTimeout(() => void deps.sender.close(), stopMs);
          await runner.stop();
          clearTimeout(patience);
        },
      };
    },
    close: async () => {
      await deps.openings.idle();
      await deps.acts.idle();
      await deps.deliveries.idle();
      await deps.sender.close();
      await deps.store.close();
    },
  };
};
