import type { Route } from './api/route.ts';
import { billingRoutes } from './billing/routes.ts';
import { invoiceRoutes } from './invoices/routes.ts';
import { paymentRoutes } from './payments/routes.ts';

/** Every operation of Bitsby's API that is emulated. All are POST. */
export const bitsbyRoutes: readonly Route[] = [
  ...invoiceRoutes,
  ...paymentRoutes,
  ...billingRoutes,
];
