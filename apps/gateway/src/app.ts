import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { InvoiceCore } from '@quittance/contracts';
import { DomainError } from '@quittance/rpc';
import type { Logger } from '@quittance/runtime';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { canonicalRoutes } from './dialects/canonical/routes.ts';
import { seed000Routes } from './dialects/seed-000/routes.ts';
import { seed001Routes } from './dialects/seed-001/routes.ts';
import { seed002Routes } from './dialects/seed-002/routes.ts';
import { seed003Routes } from './dialects/seed-003/routes.ts';
import type { GatewayEnv } from './gateway-env.ts';
import { callContextPerRequest } from './middleware/call-context-per-request.ts';
import { problemHandler } from './problem.ts';
import { healthRoutes } from './routes/health.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { qrRoutes, type QrSettings } from './routes/qr.ts';
import { webhookRoutes } from './routes/webhooks.ts';

export interface AppDeps extends QrSettings {
  core: InvoiceCore;
  log: Logger;
  bodyLimitBytes: number;
  /** What reads `/metrics`, which is not there without. */
  metricsToken: string | undefined;
}

/** The edge: authenticates, parses, translates and answers. It knows no business rule and no database. */
export const createApp = (deps: AppDeps): Hono<GatewayEnv> => {
  const { core, log, bodyLimitBytes, metricsToken } = deps;
  const app = new Hono<GatewayEnv>();
  app.use(callContextPerRequest);
  app.use(secureHeaders({ overwrite: false }));
  app.use(async (c, next) => {
    await next();
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
  });
  app.route('/', healthRoutes(core));
  if (metricsToken !== undefined) app.route('/metrics', metricsRoutes(core, metricsToken));
  app.route('/v1/invoice', seed000Routes(deps));
  app.route('/v1', canonicalRoutes(deps));
  app.route('/v2/bots', seed001Routes(deps));
  app.route('/v2/qr', qrRoutes());
  app.route('/admin/api', seed002Routes(deps));
  app.route('/invoices', seed003Routes(deps));
  app.route('/webhooks', webhookRoutes({ core, bodyLimitBytes }));
  app.notFound((c) => {
    throw new DomainError('not_found', `There is no ${c.req.method} ${c.req.path}`);
  });
  app.onError(problemHandler(log));
  return app;
};

export const toListener = (app: Hono<GatewayEnv>): RequestListener => getRequestListener(app.fetch);
