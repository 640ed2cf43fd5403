import type { PaymentProvider, ProviderName } from '@quittance/contracts';
import type { Clock, Logger } from '@quittance/runtime';
import type { Openings } from './invoices/openings.ts';
import type { ProviderCatalog } from './invoices/provider-catalog.ts';
import type { Store } from './store/store.ts';

export interface Deps {
  store: Store;
  providers: Readonly<Record<ProviderName, PaymentProvider>>;
  catalog: ProviderCatalog;
  openings: Openings;
  clock: Clock;
  log: Logger;
}
