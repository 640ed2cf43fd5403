import type { Invoice } from '@quittance/contracts';
import type { Clock, Logger } from '@quittance/runtime';
import type { Joins } from './invoices/joins.ts';
import type { DeliveryMetrics } from './endpoints/delivery-metrics.ts';
import type { Sender } from './endpoints/sender.ts';
import type { ActOutcome } from './invoices/carry-out-act.ts';
import type { Outcome } from './invoices/outcome.ts';
import type { ProviderCatalog, Providers } from './invoices/provider-catalog.ts';
import type { CoreJobs } from './jobs/core-jobs.ts';
import type { Jobs, RunAgain } from './jobs/jobs.ts';
import type { Store } from './store/store.ts';

export interface Deps {
  store: Store;
  jobs: Jobs<CoreJobs>;
  /** Those that this hub has. */
  providers: Providers;
  catalog: ProviderCatalog;
  openings: Joins<Outcome<Invoice>>;
  acts: Joins<ActOutcome>;
  /** Whether the providers are emulated. What was made in the sandbox never reaches a real provider. */
  sandbox: boolean;
  /** What secrets are encrypted with: 32 bytes. */
  encryptionKey: Buffer;
  /** Networks that webhooks may be sent to although they are not public, as CIDRs. */
  webhookNetworks: readonly string[];
  sender: Sender;
  /** Endpoints that are being sent to. */
  deliveries: Joins<RunAgain | undefined>;
  deliveryMetrics: DeliveryMetrics;
  clock: Clock;
  log: Logger;
}
