import {
  createInvoiceCoreRouter,
  type InvoiceCore,
  type InvoiceCoreRouter,
  type PaymentProvider,
  type ProviderName,
} from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Clock, Logger } from '@quittance/runtime';
import type { Deps } from './deps.ts';
import { createIdentities } from './identities/identities.ts';
import { createInvoice } from './invoices/create-invoice.ts';
import { getInvoice } from './invoices/get-invoice.ts';
import { listEvents } from './invoices/list-events.ts';
import { createOpenings } from './invoices/openings.ts';
import { createProviderCatalog } from './invoices/provider-catalog.ts';
import { resumeOpenings } from './invoices/resume-openings.ts';
import type { Store } from './store/store.ts';
import { receiveWebhook } from './webhooks/receive-webhook.ts';

export { createIdentities } from './identities/identities.ts';
export { openSqliteStore } from './store/sqlite-store.ts';

export interface AppDeps {
  store: Store;
  providers: Readonly<Record<ProviderName, PaymentProvider>>;
  clock: Clock;
  log: Logger;
}

export interface App {
  core: InvoiceCore;
  router: InvoiceCoreRouter;
  /** One round of background work: what is due now. */
  work: () => Promise<void>;
  /** Lets what is under way finish and closes the store. */
  close: () => Promise<void>;
}

const assertReady = async ({ store }: Pick<Deps, 'store'>): Promise<{ ready: true }> => {
  try {
    await store.read.selectFrom('accounts').select('id').limit(1).execute();
  } catch (cause) {
    throw new DomainError('unavailable', 'The database cannot be read', { cause });
  }
  return { ready: true };
};

export const createApp = (appDeps: AppDeps): App => {
  const deps: Deps = {
    ...appDeps,
    catalog: createProviderCatalog(appDeps.providers),
    openings: createOpenings(),
  };
  const core: InvoiceCore = {
    identities: createIdentities(deps),
    invoices: {
      create: (input) => createInvoice(deps, input),
      get: (input) => getInvoice(deps, input),
      events: (input) => listEvents(deps, input),
    },
    webhooks: { receive: (input) => receiveWebhook(deps, input) },
    ready: () => assertReady(deps),
  };
  return {
    core,
    router: createInvoiceCoreRouter(core),
    work: () => resumeOpenings(deps),
    close: async () => {
      await deps.openings.idle();
      await deps.store.close();
    },
  };
};
