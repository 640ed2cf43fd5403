import type { InvoiceCore } from '@quittance/contracts';
import { Hono } from 'hono';
import type { GatewayEnv } from '../gateway-env.ts';

/** `/healthz`: this process runs. `/readyz`: it can serve, down to the database. */
export const healthRoutes = (core: InvoiceCore): Hono<GatewayEnv> =>
  new Hono<GatewayEnv>()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      await core.ready();
      return c.json({ status: 'ready' });
    });
