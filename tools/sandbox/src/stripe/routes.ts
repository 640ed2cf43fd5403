import type { Route } from './api/route.ts';
import { balanceRoutes } from './balance/routes.ts';
import { priceRoutes } from './catalog/prices.ts';
import { productRoutes } from './catalog/products.ts';
import { disputeRoutes } from './disputes/routes.ts';
import { invoiceRoutes } from './invoices/routes.ts';
import { paymentIntentRoutes } from './payment-intents/routes.ts';
import { accountRoutes } from './resources/account.ts';
import { chargeRoutes } from './resources/charges.ts';
import { customerRoutes } from './resources/customers.ts';
import { eventRoutes } from './resources/events.ts';
import { paymentMethodRoutes } from './resources/payment-methods.ts';
import { refundRoutes } from './resources/refunds.ts';
import { webhookEndpointRoutes } from './resources/webhook-endpoints.ts';

/** Every operation of Stripe's API that is emulated. */
export const stripeRoutes: readonly Route[] = [
  ...accountRoutes,
  ...balanceRoutes,
  ...chargeRoutes,
  ...customerRoutes,
  ...disputeRoutes,
  ...eventRoutes,
  ...invoiceRoutes,
  ...paymentIntentRoutes,
  ...paymentMethodRoutes,
  ...priceRoutes,
  ...productRoutes,
  ...refundRoutes,
  ...webhookEndpointRoutes,
];
