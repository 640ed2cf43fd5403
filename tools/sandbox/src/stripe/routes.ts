import type { Route } from './api/route.ts';
import { paymentIntentRoutes } from './payment-intents/routes.ts';
import { chargeRoutes } from './resources/charges.ts';
import { customerRoutes } from './resources/customers.ts';
import { eventRoutes } from './resources/events.ts';
import { paymentMethodRoutes } from './resources/payment-methods.ts';
import { refundRoutes } from './resources/refunds.ts';
import { webhookEndpointRoutes } from './resources/webhook-endpoints.ts';

/** Every operation of Stripe's API that is emulated. */
export const stripeRoutes: readonly Route[] = [
  ...chargeRoutes,
  ...customerRoutes,
  ...eventRoutes,
  ...paymentIntentRoutes,
  ...paymentMethodRoutes,
  ...refundRoutes,
  ...webhookEndpointRoutes,
];
