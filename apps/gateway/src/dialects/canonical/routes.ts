import { CanonicalNoQuery, type CanonicalProviders } from '@quittance/contracts/canonical';
import type { DomainError } from '@quittance/rpc';
import { Hono } from 'hono';
import type { AppDeps } from '../../app.ts';
import type { GatewayEnv } from '../../gateway-env.ts';
import { authenticate } from '../../middleware/authenticate.ts';
import { onlyMethods } from '../../middleware/only-methods.ts';
import { detailsOf, type ProblemDetails, problemHandler } from '../../problem.ts';
import { readQuery } from '../../read-query.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { endpointRoutes } from './endpoint-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { invoiceRoutes } from './invoice-routes.ts';
import { operationRoutes } from './operation-routes.ts';
import { paramOf } from './params.ts';
import { policyRoutes } from './policy-routes.ts';
import { projectRoutes } from './project-routes.ts';

/** An error with this dialect's names of fields, and what the provider said of it. */
const canonicalDetails = (error: DomainError): ProblemDetails => ({
  ...detailsOf(error),
  ...(error.param !== undefined && { param: paramOf(error.param) }),
  providerError: error.refusal,
});

/** The canonical API, below `/v1`. */
export const canonicalRoutes = (deps: AppDeps): Hono<GatewayEnv> => {
  const routes = new Hono<GatewayEnv>();
  const { core, log } = deps;
  const mayRead = authenticate(core, 'invoices:read');

  routes.get('/providers', mayRead, async (c) => {
    readQuery(c.req, CanonicalNoQuery);
    const body: CanonicalProviders = { data: await core.providers.list() };
    return c.json(body);
  });

  routes.all('/providers', onlyMethods('GET'));
  routes.route('/invoices', operationRoutes(deps));
  routes.route('/invoices', invoiceRoutes(deps));
  routes.route('/events', eventRoutes(deps));
  routes.route('/webhook-endpoints', endpointRoutes(deps));
  routes.route('/deliveries', deliveryRoutes(deps));
  routes.route('/projects', projectRoutes(deps));
  routes.route('/policy', policyRoutes(deps));
  routes.onError(problemHandler(log, { details: canonicalDetails }));
  return routes;
};
