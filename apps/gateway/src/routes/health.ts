import type { InvoiceCore } from '@quittance/contracts';
import { Hono } from 'hono';
import type { GatewayEnv } from '../gateway-env.ts';

/**
 * `/healthz`: this process runs. `/readyz`: it can serve, down to the database. A provider that does not answer is told
 * there, but takes no hub out of rotation: the others would reach it no better, and all but its own calls still work.
 */
export const healthRoutes = (core: InvoiceCore): Hono<GatewayEnv> =>
  new Hono<GatewayEnv>()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const { providers } = await core.ready();
      const isDegraded = Object.values(providers).includes('unreachable');
      return c.json({ status: isDegraded ? 'degraded' : 'ready', providers });
    });
